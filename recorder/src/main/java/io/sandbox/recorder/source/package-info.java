// SPDX-License-Identifier: Apache-2.0
/**
 * The sources of records while a program runs: the audit netlink socket and the kernel log. They
 * also report losses, and restore kernel settings that they changed. Package {@code run} decides
 * which records belong to the target, and {@code log} reads logs that already exist.
 */
package io.sandbox.recorder.source;

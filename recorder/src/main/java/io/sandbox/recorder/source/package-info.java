// SPDX-License-Identifier: Apache-2.0
/**
 * Where records of calls come from while a program runs: the audit netlink socket and the kernel
 * log, with their signs of loss and the settings that must be restored afterwards. The package
 * delivers bytes. {@code run} decides which process a record belongs to. Logs that already exist
 * are read in {@code log}.
 */
package io.sandbox.recorder.source;

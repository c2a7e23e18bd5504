// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox-log}: shows, filters, counts and follows the seccomp records of logs.
 * Reading them is done in {@code io.sandbox.recorder.log}.
 */
package io.sandbox.cli.log;

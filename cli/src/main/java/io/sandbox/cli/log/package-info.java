// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox log}: shows, filters, counts and follows the seccomp records of logs.
 * {@code io.sandbox.recorder.log} reads the logs.
 */
package io.sandbox.cli.log;

// SPDX-License-Identifier: Apache-2.0
/**
 * Reads from {@code /proc} what is known of a process: its state, its age, its executable, and
 * which file holds the code that made a call. It neither starts nor ends processes.
 */
package io.sandbox.enforcer.launch.process;

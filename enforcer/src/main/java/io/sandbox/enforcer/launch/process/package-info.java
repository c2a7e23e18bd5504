// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code /proc} and the file system tell about a process: its state, its age, its executable,
 * and which file holds the code that made a call. The package only looks. It neither starts nor
 * ends processes.
 */
package io.sandbox.enforcer.launch.process;

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/**
 * A process that ended with an error.
 *
 * @param executable its path; empty if that is not known
 * @param waitStatus as waitpid(2) reports it
 * @param outlived whether the process still existed when the program itself had ended
 */
public record FailedEnd(int process, String executable, int waitStatus, boolean outlived) {}

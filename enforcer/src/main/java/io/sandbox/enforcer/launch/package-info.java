// SPDX-License-Identifier: Apache-2.0
/**
 * Gets a program under a filter. {@link io.sandbox.enforcer.launch.SandboxExec} is our end of the
 * conversation with {@code sandbox-exec}, which starts the program; {@link
 * io.sandbox.enforcer.launch.CallListener} answers the calls that a filter asks about. The rest are
 * system calls that Java lacks, and our failures with their exit statuses. Nothing here knows about
 * recordings, and filters arrive as bytes.
 */
package io.sandbox.enforcer.launch;

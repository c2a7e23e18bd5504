// SPDX-License-Identifier: Apache-2.0
/**
 * Has a program started under a filter. {@link io.sandbox.enforcer.launch.SandboxExec} is our end
 * of the conversation with {@code sandbox-exec}, which starts the program. {@link
 * io.sandbox.enforcer.launch.CallListener} answers the calls that a filter asks about. The other
 * classes make system calls that Java itself cannot make, or are failures with their exit statuses.
 * The package knows nothing of recordings, and gets filters as bytes.
 */
package io.sandbox.enforcer.launch;

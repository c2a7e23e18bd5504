// SPDX-License-Identifier: Apache-2.0
/**
 * Explains why a program was killed ({@code sandboxify --explain}): it is asked about each call
 * that the filter would kill for, ends the process in the place of the kernel, and says which call
 * it was and what would allow it. How that is printed is decided by the command.
 */
package io.sandbox.enforcer.launch.explain;

// SPDX-License-Identifier: Apache-2.0
/**
 * Explains why a program was killed ({@code sandboxify --explain}). The filter asks about each call
 * for which it would kill; we kill the process in place of the kernel, and tell which call it was
 * and what would allow it. The command prints this.
 */
package io.sandbox.enforcer.launch.explain;

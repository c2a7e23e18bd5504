// SPDX-License-Identifier: Apache-2.0
/**
 * Explains why a program was killed ({@code sandbox run --explain}). The filter asks about each
 * call for which it would kill. This package then ends the process in place of the kernel, and says
 * which call it was and what would allow it. The command decides how that is printed.
 */
package io.sandbox.enforcer.launch.explain;

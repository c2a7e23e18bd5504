// SPDX-License-Identifier: Apache-2.0
/**
 * Compiles policies to the programs that the kernel runs, with libseccomp through JNA, and with
 * code of our own for rules that libseccomp gets wrong. Only this package uses JNA. It loads
 * nothing into the kernel: C code does that, in the process to be filtered.
 */
package io.sandbox.enforcer.seccomp;

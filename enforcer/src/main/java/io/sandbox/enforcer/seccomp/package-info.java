// SPDX-License-Identifier: Apache-2.0
/**
 * Compiles a policy to the program that the kernel runs: with libseccomp through JNA, and with code
 * of our own for what libseccomp compiles wrongly. Nothing is loaded into the kernel here: C does
 * that, in the process that is to be filtered.
 */
package io.sandbox.enforcer.seccomp;

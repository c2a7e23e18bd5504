// SPDX-License-Identifier: Apache-2.0
/**
 * Facts about system calls and architectures: the CSV tables that {@code scripts/update-syscall-db}
 * makes, and their only reader. Start with {@link io.sandbox.syscalldb.SyscallDb}.
 */
package io.sandbox.syscalldb;

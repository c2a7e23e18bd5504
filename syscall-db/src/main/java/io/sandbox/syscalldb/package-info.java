// SPDX-License-Identifier: Apache-2.0
/**
 * Facts about system calls and architectures: the CSV tables made by {@code
 * scripts/update-syscall-db}, and their one reader. Start at {@link
 * io.sandbox.syscalldb.SyscallDb}.
 */
package io.sandbox.syscalldb;

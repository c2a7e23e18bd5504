// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox-syscall}: looks system calls up by name, number, group and risk. The
 * facts are in {@code io.sandbox.syscalldb}.
 */
package io.sandbox.cli.syscall;

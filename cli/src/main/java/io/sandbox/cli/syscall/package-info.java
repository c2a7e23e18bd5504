// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox syscall}: looks system calls up by name, number, group and risk.
 * {@code io.sandbox.syscalldb} has the facts.
 */
package io.sandbox.cli.syscall;

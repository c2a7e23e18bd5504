// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox policy} and its subcommands, which show, convert, merge, compare and
 * compile policies of all formats, disassemble filters, explain calls, and make reports of
 * recordings. {@code io.sandbox.enforcer} decides what policies mean.
 */
package io.sandbox.cli.policy;

// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox-policy} and its subcommands: show, convert, merge, compare, compile
 * and explain policies of all formats. What policies mean is in {@code io.sandbox.enforcer}.
 */
package io.sandbox.cli.policy;

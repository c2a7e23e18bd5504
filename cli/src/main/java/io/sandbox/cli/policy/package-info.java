// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox-policy} and its subcommands, which show, convert, merge, compare,
 * compile and explain policies of all formats, and disassemble filters. {@code io.sandbox.enforcer}
 * decides what policies mean.
 */
package io.sandbox.cli.policy;

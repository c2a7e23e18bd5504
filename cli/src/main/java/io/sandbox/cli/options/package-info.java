// SPDX-License-Identifier: Apache-2.0
/**
 * The options and operands of commands, and what their help says. This is the only package that
 * uses picocli. Options of a single command are declared by that command.
 */
package io.sandbox.cli.options;

// SPDX-License-Identifier: Apache-2.0
/**
 * The options and operands of commands, and their help. Only this package uses picocli. Each
 * command declares its options itself.
 */
package io.sandbox.cli.options;

// SPDX-License-Identifier: Apache-2.0
/**
 * Prints for all commands: messages, results, colours, progress, and words quoted for a shell. It
 * knows nothing about the single commands.
 */
package io.sandbox.cli.output;

// SPDX-License-Identifier: Apache-2.0
/** Prints for all commands: messages, results, colours, progress, and words for a shell. */
package io.sandbox.cli.output;

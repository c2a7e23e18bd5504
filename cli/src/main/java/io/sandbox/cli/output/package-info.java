// SPDX-License-Identifier: Apache-2.0
/**
 * What commands print, and how: messages, results, colours, progress, and words quoted for a shell.
 * The package does not know what the commands are about.
 */
package io.sandbox.cli.output;

// SPDX-License-Identifier: Apache-2.0
/**
 * What all commands have in common when they start and end: {@link io.sandbox.cli.Cli} runs a
 * command, reports its failures in one line, and turns them into an exit status. Each command has a
 * package of its own.
 */
package io.sandbox.cli;

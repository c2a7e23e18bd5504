// SPDX-License-Identifier: Apache-2.0
/**
 * Starts and ends all commands: {@link io.sandbox.cli.Cli} runs a command, reports its failures in
 * one line, and turns them into an exit status. Each command has its own package.
 */
package io.sandbox.cli;

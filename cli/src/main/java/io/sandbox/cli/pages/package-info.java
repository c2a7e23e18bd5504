// SPDX-License-Identifier: Apache-2.0
/**
 * Makes the manual pages and what completes command lines in shells, from what the commands' help
 * says ({@link io.sandbox.cli.options.CommandHelp}). {@link io.sandbox.cli.pages.Pages} is run by
 * the build alone; no command uses this package.
 */
package io.sandbox.cli.pages;

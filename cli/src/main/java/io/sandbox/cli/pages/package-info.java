// SPDX-License-Identifier: Apache-2.0
/**
 * Makes the manual pages and the completions for shells from the texts of the help ({@link
 * io.sandbox.cli.options.CommandHelp}). Only the build runs {@link io.sandbox.cli.pages.Pages}; no
 * command uses this package.
 */
package io.sandbox.cli.pages;

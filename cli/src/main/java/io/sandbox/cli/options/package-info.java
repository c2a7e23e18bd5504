// SPDX-License-Identifier: Apache-2.0
/** The options of commands, and their help. Only this package uses picocli. */
package io.sandbox.cli.options;

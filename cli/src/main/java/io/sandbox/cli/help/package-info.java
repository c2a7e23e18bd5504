// SPDX-License-Identifier: Apache-2.0
/** The verbs of {@code sandbox}, and the help about them. */
package io.sandbox.cli.help;

// SPDX-License-Identifier: Apache-2.0
/**
 * Reports of what a check found, one class for each format. File names in reports come from
 * strangers, so every format escapes them. The command itself prints the text on the terminal.
 */
package io.sandbox.recorder.drift.report;

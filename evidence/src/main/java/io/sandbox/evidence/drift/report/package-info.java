// SPDX-License-Identifier: Apache-2.0
/**
 * Reports of what a check found, one class for each format. Whoever made a program chose its file
 * names, so no format prints them unescaped. The command makes the text for people. Others use
 * Wording.
 */
package io.sandbox.evidence.drift.report;

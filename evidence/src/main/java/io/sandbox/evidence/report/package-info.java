// SPDX-License-Identifier: Apache-2.0
/**
 * The picture of a recording: one HTML file that needs nothing else. Pure: the caller has looked up
 * what is not in the recording. Whoever made a program chose its file names, so all text goes
 * through {@code Html}, which escapes it. The same sources give the same bytes.
 */
package io.sandbox.evidence.report;

// SPDX-License-Identifier: Apache-2.0
/**
 * What was seen: calls, programs, runs and recordings, how complete they are, and the file that a
 * recording is kept in (docs/recording.md). Pure: the caller reads and writes the files. Packages
 * {@code learned} and {@code drift} draw conclusions from evidence.
 */
package io.sandbox.recorder.evidence;

// SPDX-License-Identifier: Apache-2.0
/**
 * What was seen: calls, programs, runs and recordings, how complete they are, and the file that a
 * recording is kept in (docs/recording.md). Pure: what is read and written is text that the caller
 * has. What a policy makes of evidence is in {@code learned} and {@code drift}.
 */
package io.sandbox.recorder.evidence;

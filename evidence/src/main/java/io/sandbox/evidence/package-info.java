// SPDX-License-Identifier: Apache-2.0
/**
 * What was seen: calls, programs, runs and recordings, whether they are complete, and the file of a
 * recording (docs/recording.md). Pure: it reads and writes text that the caller has. What a policy
 * makes of evidence is in {@code learned} and {@code drift}.
 */
package io.sandbox.evidence;

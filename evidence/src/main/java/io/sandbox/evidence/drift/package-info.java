// SPDX-License-Identifier: Apache-2.0
/**
 * Compares evidence with a policy: finds new calls, unused rules, and reasons to doubt the result.
 * Pure: no files, no clock, no machine. The formats of reports are in {@code drift.report}.
 */
package io.sandbox.evidence.drift;

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.drift;

/**
 * Evidence that a user trusts although it may not show all.
 *
 * @param gaps of runs that lost records, and logs
 * @param failures of programs that failed
 */
public record Tolerance(boolean gaps, boolean failures) {
    public static final Tolerance NONE = new Tolerance(false, false);
}

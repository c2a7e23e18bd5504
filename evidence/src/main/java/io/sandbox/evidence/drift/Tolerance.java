// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

/**
 * Which evidence the user accepts although it may be incomplete.
 *
 * @param gaps whether to accept runs that lost records, and logs
 * @param failures whether to accept runs whose program failed
 */
public record Tolerance(boolean gaps, boolean failures) {
    public static final Tolerance NONE = new Tolerance(false, false);
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

/**
 * How much a recording keeps of the arguments that choose what a call does.
 *
 * @param exact whether the values are kept; otherwise only what they are for, so that a second run
 *     hardly ever shows more
 * @param limit how many different ones are kept of a call; 0 for none
 */
public record ArgumentDetail(boolean exact, int limit) {
    public static final ArgumentDetail NONE = new ArgumentDetail(false, 0);

    /** {@code preload/src/bpf/shared.h} has the same limit. */
    public static final ArgumentDetail CLASSES = new ArgumentDetail(false, 64);

    public static final ArgumentDetail MANY_VALUES = values(CLASSES.limit);

    public static ArgumentDetail values(int limit) {
        return new ArgumentDetail(true, limit);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

/**
 * How much a recording keeps of the arguments that choose what a call does.
 *
 * @param exact whether the values are kept; otherwise only what they are for, so that a second run
 *     hardly ever shows more
 * @param modes whether also the modes of new files count, which every program has
 * @param limit how many different ones are kept of a call; 0 for none
 * @param files whether it is also kept which files and addresses were used
 */
public record ArgumentDetail(boolean exact, boolean modes, int limit, boolean files) {
    public static final ArgumentDetail NONE = new ArgumentDetail(false, false, 0, false);

    /** {@code preload/src/bpf/shared.h} has the same limit. */
    public static final ArgumentDetail CLASSES = new ArgumentDetail(false, false, 64, false);

    /** These, and the modes of new files. */
    public static final ArgumentDetail MODES =
            new ArgumentDetail(false, true, CLASSES.limit, false);

    public static final ArgumentDetail MANY_VALUES = values(CLASSES.limit);

    public static ArgumentDetail values(int limit) {
        return new ArgumentDetail(true, false, limit, false);
    }

    public ArgumentDetail withFiles() {
        return new ArgumentDetail(exact, modes, limit, true);
    }
}

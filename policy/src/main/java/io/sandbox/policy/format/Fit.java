// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

/**
 * How much of a text is of a format. Comments and empty lines do not count.
 *
 * @param fitting how many lines, or longer parts, are of the format
 * @param others how many are not
 * @param firstOther the line of the first of these; 0 if there is none
 */
record Fit(int fitting, int others, int firstOther) {
    static final Fit NONE = new Fit(0, 1, 1);

    /** For a format that is not made of lines. */
    static final Fit WHOLE = new Fit(1, 0, 0);

    /** For a format of which the text has a sign, and something that does not belong to it. */
    static Fit nearly(int firstOther) {
        return new Fit(Integer.MAX_VALUE, 1, firstOther);
    }

    boolean isWhole() {
        return fitting > 0 && others == 0;
    }

    /** Whether the author probably meant the format. */
    boolean isNear() {
        return fitting > 0 && fitting >= others;
    }

    Fit plus(boolean fits, int line) {
        return fits
                ? new Fit(fitting + 1, others, firstOther)
                : new Fit(fitting, others + 1, others == 0 ? line : firstOther);
    }
}

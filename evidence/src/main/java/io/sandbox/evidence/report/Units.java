// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.drift.report.Wording;
import java.util.Locale;

/** Numbers and names for people. */
final class Units {
    private static final long MINUTE = 60_000;

    /** A path is at most so long (PATH_MAX), but nobody reads more than this of a name. */
    private static final int LONGEST_NAME = 300;

    private static final int NAME_END = 60;

    /** Returns a text such as {@code 31,081}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Returns a text such as {@code 1 run}. */
    static String count(long number, String noun) {
        return number(number) + " " + Wording.plural(number, noun);
    }

    /** Returns a text such as {@code 35 ms}, {@code 1.25 s}, {@code 3 min 5 s}. */
    static String time(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < MINUTE) {
            return String.format(Locale.ROOT, "%.2f s", millis / 1e3);
        }
        return number(millis / MINUTE) + " min " + millis % MINUTE / 1000 + " s";
    }

    /** A place in a picture, from 0 to 100. */
    static String percent(double position) {
        return String.format(Locale.ROOT, "%.2f%%", position);
    }

    static String pixels(double position) {
        return String.format(Locale.ROOT, "%.1f", position);
    }

    /** A name without its middle, if it is too long. */
    static String shortened(String name) {
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        return name.substring(0, LONGEST_NAME - NAME_END)
                + "…"
                + name.substring(name.length() - NAME_END);
    }

    /** A phrase with a capital letter and a full stop. */
    static String sentence(String phrase) {
        return phrase(phrase) + (phrase.endsWith(".") ? "" : ".");
    }

    /** A phrase with a capital letter. A number stays with its sign. */
    static String phrase(String phrase) {
        return Character.toUpperCase(phrase.charAt(0))
                + phrase.substring(1).replace(" %", "\u00a0%");
    }
}

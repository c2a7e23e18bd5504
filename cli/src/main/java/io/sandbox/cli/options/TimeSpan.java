// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads spans of time like sleep(1): a whole number with s, m, h or d; without a unit, seconds. */
public final class TimeSpan {
    /** At most nine digits, which fit into a Duration with every unit. */
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd]?)");

    private TimeSpan() {}

    /** Throws {@link IllegalArgumentException} if the text has another form, or is zero. */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Long.parseLong(form.group(1)) == 0) {
            throw new IllegalArgumentException("not a time as in 90s, 5m or 1h");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** Declares the option --duration of commands that run a program. */
    public static Value<Duration> ofRun(Options options) {
        return options.named("--duration").converted(TimeSpan::convert, "TIME");
    }

    public static Duration convert(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(text + ": " + e.getMessage(), e);
        }
    }
}

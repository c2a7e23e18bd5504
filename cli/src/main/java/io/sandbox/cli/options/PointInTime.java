// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads points in time for {@code --since} and the like: a date, with or without a time of day; a
 * time of day, meaning today; {@code @} and seconds since the epoch; {@code -} and a span before
 * now; {@code now}, {@code today}, {@code yesterday}. Times without Z or an offset are local.
 */
public final class PointInTime {
    public static final String FORMS =
            "2026-11-24, \"2026-11-24 18:05\", 18:05:30, 2026-11-24T18:05:30Z, @1795543538, -90s,"
                    + " -15m, -2h, -7d, now, today, yesterday";

    private static final Pattern EPOCH = Pattern.compile("@([0-9]{1,11})(?:\\.([0-9]{1,3}))?");
    private static final Pattern DATE =
            Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ](.*))?");
    private static final Pattern OFFSET = Pattern.compile("(.*)(Z|[+-][0-9]{2}:[0-9]{2})");

    private PointInTime() {}

    /**
     * @return ms since the epoch
     * @throws IllegalArgumentException if the text has none of these forms
     */
    public static long parse(String text, ZonedDateTime now) {
        try {
            return instant(text, now).toEpochMilli();
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("not a time (as in " + FORMS + ")", e);
        }
    }

    private static Instant instant(String text, ZonedDateTime now) {
        switch (text) {
            case "now":
                return now.toInstant();
            case "today":
                return at(now.toLocalDate().atStartOfDay(), now);
            case "yesterday":
                return at(now.toLocalDate().minusDays(1).atStartOfDay(), now);
            default:
                break;
        }
        Matcher epoch = EPOCH.matcher(text);
        if (epoch.matches()) {
            String millis = epoch.group(2) == null ? "" : epoch.group(2);
            return Instant.ofEpochMilli(
                    Long.parseLong(epoch.group(1) + (millis + "000").substring(0, 3)));
        }
        if (text.startsWith("-")) {
            return now.toInstant().minus(TimeSpan.parse(text.substring(1)));
        }
        Matcher date = DATE.matcher(text);
        if (!date.matches()) {
            return at(now.toLocalDate().atTime(LocalTime.parse(text)), now);
        }
        LocalDate day = LocalDate.parse(date.group(1));
        if (date.group(2) == null) {
            return at(day.atStartOfDay(), now);
        }
        Matcher offset = OFFSET.matcher(date.group(2));
        return offset.matches()
                ? OffsetDateTime.parse(day + "T" + offset.group(1) + offset.group(2)).toInstant()
                : at(day.atTime(LocalTime.parse(date.group(2))), now);
    }

    private static Instant at(LocalDateTime local, ZonedDateTime now) {
        return local.atZone(now.getZone()).toInstant();
    }
}

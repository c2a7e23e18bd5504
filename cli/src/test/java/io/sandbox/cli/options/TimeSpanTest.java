// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;

/** Times that users write. */
final class TimeSpanTest {
    @Test
    void parse_eachUnit() {
        assertEquals(Duration.ofSeconds(90), TimeSpan.parse("90"));
        assertEquals(Duration.ofSeconds(90), TimeSpan.parse("90s"));
        assertEquals(Duration.ofMinutes(5), TimeSpan.parse("5m"));
        assertEquals(Duration.ofHours(1), TimeSpan.parse("1h"));
        assertEquals(Duration.ofDays(999999999), TimeSpan.parse("999999999d"));
    }

    @Table
    @EmptySource
    void parse_anythingElse_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> TimeSpan.parse(text));
    }

    private static final ZonedDateTime NOW =
            ZonedDateTime.parse("2026-11-24T18:05:30+01:00[Europe/Berlin]");

    @Table
    void parse_knownForms_areReadInTheZone(String text, String expected) {
        assertEquals(Instant.parse(expected).toEpochMilli(), PointInTime.parse(text, NOW));
    }

    @Table
    @EmptySource
    void parse_otherForms_areRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> PointInTime.parse(text, NOW));
    }
}

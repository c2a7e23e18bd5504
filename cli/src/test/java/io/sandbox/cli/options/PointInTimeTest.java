// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.provider.EmptySource;

class PointInTimeTest {
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

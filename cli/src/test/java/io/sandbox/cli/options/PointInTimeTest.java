// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
    private static final ZonedDateTime NOW =
            ZonedDateTime.parse("2026-11-24T18:05:30+01:00[Europe/Berlin]");

    @Table
    void parse_knownForms_areReadInTheZone(String text, String expected) {
        assertEquals(Instant.parse(expected).toEpochMilli(), PointInTime.parse(text, NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "tomorrow",
                "2026-13-01",
                "2026-02-30",
                "24:00",
                "2026-11-24 ",
                "2026-11-24 25:00",
                "@",
                "@99999999999999",
                "-",
                "-5x",
                "--5s",
                "11/24/26",
                "1700000000"
            })
    void parse_otherForms_areRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> PointInTime.parse(text, NOW));
    }
}

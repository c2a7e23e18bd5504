// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointInTimeTest {
    private static final ZonedDateTime NOW =
            ZonedDateTime.parse("2026-11-24T18:05:30+01:00[Europe/Berlin]");

    @ParameterizedTest
    @CsvSource({
        "2026-11-24, 2026-11-23T23:00:00Z",
        "2026-07-01, 2026-06-30T22:00:00Z",
        "2026-11-24 10:30, 2026-11-24T09:30:00Z",
        "2026-11-24T10:30:15.250, 2026-11-24T09:30:15.250Z",
        "2026-11-24T10:30:15Z, 2026-11-24T10:30:15Z",
        "2026-11-24 10:30-05:00, 2026-11-24T15:30:00Z",
        "07:15, 2026-11-24T06:15:00Z",
        "@1700000000, 2023-11-14T22:13:20Z",
        "@1700000000.25, 2023-11-14T22:13:20.250Z",
        "-90s, 2026-11-24T17:04:00Z",
        "-2h, 2026-11-24T15:05:30Z",
        "now, 2026-11-24T17:05:30Z",
        "today, 2026-11-23T23:00:00Z",
        "yesterday, 2026-11-22T23:00:00Z"
    })
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

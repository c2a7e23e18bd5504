// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class LogTableTest {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    @Test
    void time_anyInAnyZone_isAsAFormatterWritesIt() {
        Random random = new Random(7);
        for (String name : List.of("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata")) {
            ZoneId zone = ZoneId.of(name);
            for (int i = 0; i < 2_000; i++) {
                long millis = 315_532_800_000L + (long) (random.nextDouble() * 3e12);
                millis -= i % 4 == 0 ? millis % 60_000 : 0;
                assertEquals(
                        FORM.format(Instant.ofEpochMilli(millis).atZone(zone)),
                        LogTable.time(millis, TimeZone.getTimeZone(name)));
            }
        }
    }

    @Test
    void time_beforeTheClockWasSet_isSinceBoot() {
        assertEquals("boot+114.040", LogTable.time(114_040, TimeZone.getTimeZone("UTC")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import io.sandbox.text.Shipped;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which settings fit what the journal says. */
final class UnitFailureTest {
    /** All settings, in the order of the table. */
    private static final String DROP_IN =
            Shipped.lines(UnitFailure.class, "failures.tsv")
                    .map(row -> row.replaceFirst("\t.*", "=yes\n"))
                    .collect(Collectors.joining());

    /** {@code journal}: / is the end of a line before a letter or a blank. */
    @Table
    void text_namesTheSettingsThatFit(String journal, String found) {
        UnitFailure failure =
                new UnitFailure(DROP_IN, List.of(journal.split("(?<![0-9 ])/(?=[A-Zw ])")));
        assertEquals(
                found,
                failure.text("f")
                        .lines()
                        .map(line -> line.replaceFirst(".*?: (.*) refused this: .*", "$1"))
                        .collect(Collectors.joining(", ")));
    }

    @Test
    void withoutFirst_turnsOffTheSettingOfTheOldestLine() {
        String dropIn = "# why\nProtectClock=yes\nCapabilityBoundingSet=\n";
        UnitFailure failure =
                new UnitFailure(dropIn, List.of("cannot chown a", "cannot set the date"));
        assertEquals(
                "f:3: CapabilityBoundingSet= presumably refused this: cannot chown a\n"
                        + "f:2: ProtectClock= presumably refused this: cannot set the date\n",
                failure.text("f"));
        assertEquals(
                "# why\nProtectClock=yes\n# under it the service failed: CapabilityBoundingSet="
                        + " (cannot chown a)\n",
                failure.withoutFirst());
    }
}

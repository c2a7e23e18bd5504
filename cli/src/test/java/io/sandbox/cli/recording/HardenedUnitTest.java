// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import io.sandbox.text.Shipped;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class HardenedUnitTest {
    private int tries;

    /** {@code harm}: settings that do harm if all of a group, between blanks, are on. */
    @Table
    void harmful_leavesOutAsFewAsItCan(String settings, String harm, String off, int mostTries) {
        List<String> all = List.of(settings.split(" "));
        Set<String> found =
                HardenedUnit.harmful(
                        all,
                        without -> {
                            tries++;
                            Set<String> on = new TreeSet<>(all);
                            on.removeAll(without);
                            return Stream.of(harm.split(" "))
                                    .noneMatch(group -> on.containsAll(List.of(group.split("&"))));
                        });
        assertEquals(off, String.join(" ", found));
        assertEquals(mostTries, tries);
    }

    /** {@code bound}: addresses as RunAccess has them, between commas, of runs; / ends a line. */
    @Table
    void ports_allowsThoseThatWereBound(String bound, String lines) {
        assertEquals(
                lines.replace("/", "\n"),
                HardenedUnit.ports(
                        Stream.of(bound.split(" [|] "))
                                .map(run -> List.of(run.split(", ")))
                                .toList()));
    }

    /** {@code uses}: as in a recording, between commas. */
    @Table
    void contradicted_namesWhatWouldHaveRefused(String uses, String settings) {
        assertEquals(
                settings, String.join(" ", HardenedUnit.contradicted(List.of(uses.split(", ")))));
    }

    /** A / is the end of a line. */
    @Table
    void without_takesSettingsAndTheirReasonsOut(
            String lines, String settings, String out, String left) {
        String dropIn = lines.replace('/', '\n');
        assertEquals(settings, String.join(" ", HardenedUnit.settings(dropIn)));
        Set<String> without = out.isEmpty() ? Set.of() : new TreeSet<>(List.of(out.split(" ")));
        assertEquals(left.replace('/', '\n'), HardenedUnit.without(without, dropIn));
    }

    // Which settings fit what the journal says.

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

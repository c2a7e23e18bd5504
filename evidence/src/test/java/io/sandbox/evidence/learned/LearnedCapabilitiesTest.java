// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunCapabilities.Use;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.testing.Table;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

final class LearnedCapabilitiesTest {
    /**
     * @param runs as {@link RunText} has them; those behind {@code +} in {@code used} have what is
     *     there: {@code USE=NAME,NAME}, {@code needed=NAME}, {@code spared=NAME}, or {@code
     *     -REASON}
     */
    @Table
    void of_keepsWhatTheRunsNeeded(String runs, String used, String sentence) {
        Recording recording =
                RunText.recording(runs, used, (run, its) -> run.using(capabilities(its)));
        assertEquals(
                sentence,
                LearnedCapabilities.of(recording)
                        .map(LearnedCapabilities::sentence)
                        .orElse("nothing"));
    }

    private static RunCapabilities capabilities(String text) {
        if (text.startsWith("-")) {
            return RunCapabilities.unrecorded(text.substring(1));
        }
        long needed = 0;
        long spared = 0;
        Map<Use, Long> sets = new EnumMap<>(Use.class);
        for (String word : text.split(" ")) {
            int equals = word.indexOf('=');
            long set = Capability.set(List.of(word.substring(equals + 1).split(",")));
            switch (word.substring(0, equals)) {
                case "needed" -> needed = set;
                case "spared" -> spared = set;
                default ->
                        sets.put(
                                Use.valueOf(word.substring(0, equals).toUpperCase(Locale.ROOT)),
                                set);
            }
        }
        return new RunCapabilities(
                        Optional.empty(), 0, List.of(new RunCapabilities.OfProgram("/bin/x", sets)))
                .tried(needed, spared);
    }
}

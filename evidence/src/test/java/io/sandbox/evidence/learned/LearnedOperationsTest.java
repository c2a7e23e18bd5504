// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.NamesOfProgram;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunOperations;
import io.sandbox.evidence.RunOperations.Way;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.testing.Table;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

final class LearnedOperationsTest {
    /**
     * @param runs as {@link RunText} has them; those behind {@code +} in {@code used} have what is
     *     there: {@code WAY=NAME,NAME}, {@code none}, or {@code -REASON}
     */
    @Table
    void of_saysWhatIsKnown(String runs, String used, String sentence) {
        Recording recording =
                RunText.recording(
                        runs, used, (run, its) -> run.submitting(Optional.of(operations(its))));
        assertEquals(
                sentence,
                LearnedOperations.of(recording).map(LearnedOperations::sentence).orElse("nothing"));
    }

    private static RunOperations operations(String text) {
        if (text.startsWith("-")) {
            return RunOperations.unrecorded(text.substring(1));
        }
        Map<Way, List<String>> names = new EnumMap<>(Way.class);
        if (!text.equals("none")) {
            for (String word : text.split(" ")) {
                String[] parts = word.split("=");
                names.put(
                        Way.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                        List.of(parts[1].split(",")));
            }
        }
        return new RunOperations(Optional.empty(), List.of(new NamesOfProgram<>("/bin/x", names)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.program;
import static io.sandbox.evidence.testing.Evidence.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.testing.Results;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is too much for a comment is counted. */
final class MarkdownReportTest {
    private static String report(ProgramEvidence... programs) {
        return new MarkdownReport().write(Results.of(Recording.of(run("1", programs)), "new"));
    }

    @Test
    void write_moreCallsThanFit_countsTheRest() {
        List<Integer> numbers = IntStream.range(1000, 2000).boxed().toList();
        String text = report(program("/bin/x", X86_64, numbers));
        long rows = text.lines().filter(line -> line.startsWith("| `")).count();
        assertTrue(rows > 100 && rows < 1000, rows + " rows");
        assertTrue(text.contains("\nAnd " + (1000 - rows) + " more.\n"), text);
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "4, 1", "9, 6"})
    void write_manyExecutables_namesThree(int executables, int more) {
        String text =
                report(
                        IntStream.range(0, executables)
                                .mapToObj(i -> program("/bin/" + i, X86_64, List.of(101)))
                                .toArray(ProgramEvidence[]::new));
        String rest = more > 0 ? ", " + more + " more |" : " |";
        assertTrue(text.contains("<code>/bin/2</code> (2)" + rest), text);
    }

    /** A part of a command would do something else. */
    @ParameterizedTest
    @CsvSource({"1000, true", "1001, false"})
    void write_longCommand_isLeftOut(int length, boolean shown) {
        String command = "x".repeat(length);
        String text = new MarkdownReport().write(Results.drifted(command));
        assertEquals(shown, text.contains("<pre><code>" + command + "</code></pre>"));
        assertEquals(!shown, text.contains("too long for here"));
    }

    @ParameterizedTest
    @CsvSource({"120, x", "121, x..."})
    void write_longName_isShortened(int length, String end) {
        String name = "x".repeat(length);
        String text = new MarkdownReport().write(Results.drifted(name));
        assertTrue(
                text.startsWith(
                        "### <code>" + "x".repeat(119) + end.replace(".", "&#46;") + "</code>"),
                text);
    }
}

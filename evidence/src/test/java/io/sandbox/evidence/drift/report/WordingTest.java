// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.program;
import static io.sandbox.evidence.testing.Evidence.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.Tolerance;
import io.sandbox.evidence.testing.Results;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WordingTest {
    private static CallDrift drifted(ProgramEvidence... programs) {
        return drift(Recording.of(run("1", programs)), "socket(arg0==1)\n").calls().get(0);
    }

    private static CallDrift made(
            int number, Optional<List<String>> arguments, Optional<CallTests> tests) {
        OptionalLong none = OptionalLong.empty();
        CallEvidence call =
                new CallEvidence(number, 2, 1, none, none, Optional.empty(), arguments, tests);
        return drifted(new ProgramEvidence("/bin/x", X86_64, List.of(call)));
    }

    @Table
    void details_manyExecutables_areCountedAfterTwenty(int executables, int more) {
        ProgramEvidence[] programs =
                IntStream.range(0, executables)
                        .mapToObj(i -> program("/bin/" + i, X86_64, List.of(101)))
                        .toArray(ProgramEvidence[]::new);
        List<String> details = Wording.details(drifted(programs));
        assertEquals(1 + 20 + (more > 0 ? 1 : 0), details.size(), details::toString);
        assertEquals(more > 0, details.get(details.size() - 1).equals("and " + more + " more"));
    }

    @Table
    void tests_onlySeveral_areCounted(int count, String expected) {
        CallTests tests = new CallTests(0, count, List.of("T.a"), true, 5);
        assertEquals(
                Optional.of(expected),
                Wording.tests(made(101, Optional.empty(), Optional.of(tests))));
    }

    @Test
    void title_otherArguments_namesThem() {
        List<String> arguments = List.of("arg0==2", "arg0==1", "arg0==16");
        CallDrift drift = made(41, Optional.of(arguments), Optional.empty());
        assertEquals(
                "socket is made with other arguments: arg0==16 or arg0==2 (allow if arg0==1,"
                        + " otherwise kill)",
                Wording.title(drift));
        assertTrue(Wording.details(drift).contains("to allow it, change the conditions by hand"));
    }

    /** Learned lists refuse clone3 too, and their programs work: nobody is asked about it. */
    @Test
    void details_callThatFailsAsIfUnknown_saysWhatIsMadeInItsPlace() {
        String policy =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": [\n"
                        + "{\"call\": \"clone\", \"action\": \"allow\"},\n"
                        + "{\"call\": \"clone3\", \"action\": \"errno:ENOSYS\"}]}";
        String text =
                "as on a kernel without it; then clone, which is allowed, is made in its place";
        Drift drift = drift(calls("clone3"), policy);
        assertEquals(List.of(text), Wording.details(drift.calls().get(0)));
        String markdown = new MarkdownReport().write(Results.of(drift, "new", Tolerance.NONE));
        assertTrue(markdown.contains("| errno&#58;ENOSYS, " + text + " |"), markdown);
    }

    /** An update of the policy would not remove the rule. */
    @Test
    void details_callThatARuleKills_isForTheUserToDecide() {
        String policy =
                "{\"sandboxPolicy\": 1, \"default\": \"errno:EPERM\", \"rules\": [\n"
                        + "{\"call\": \"ptrace\", \"action\": \"kill\"}]}";
        CallDrift call = drift(calls("ptrace"), policy).calls().get(0);
        assertEquals(CallDrift.Kind.NEW, call.kind());
        assertTrue(
                Wording.details(call)
                        .contains("to allow it, change the rule that refuses it by hand"));
    }

    // What is too much for a comment is counted.

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

    @Table
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
    @Table
    void write_longCommand_isLeftOut(int length, boolean shown) {
        String command = "x".repeat(length);
        String text = new MarkdownReport().write(Results.drifted(command));
        assertEquals(shown, text.contains("<pre><code>" + command + "</code></pre>"));
        assertEquals(!shown, text.contains("too long for here"));
    }

    @Table
    void write_longName_isShortened(int length, String end) {
        String name = "x".repeat(length);
        String text = new MarkdownReport().write(Results.drifted(name));
        assertTrue(
                text.startsWith(
                        "### <code>" + "x".repeat(119) + end.replace(".", "&#46;") + "</code>"),
                text);
    }
}

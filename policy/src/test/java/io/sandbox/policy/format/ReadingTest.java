// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts of each format, and what they mean, are written with losses, or are refused. */
class ReadingTest {
    static Reading read(String format, String text) {
        return format.equals("any")
                ? Policies.reading(text)
                : PolicyFormat.byName(format).orElseThrow().read(text.getBytes(UTF_8));
    }

    static List<Vectors.Row> mistakes() {
        return Vectors.beside(ReadingTest.class, "mistakes.tsv", 3);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void read_mistake_isRefusedInOneLine(Vectors.Row row) {
        assertEquals(row.get(2), Policies.refusal(() -> read(row.get(0), row.get(1))));
    }

    static List<Vectors.Row> readings() {
        return Vectors.beside(ReadingTest.class, "readings.tsv", 4);
    }

    /** The rules, after the default action and the further architectures. */
    static String outcome(PolicyDocument document) {
        List<String> words = new ArrayList<>(List.of(ActionText.format(document.otherwise())));
        if (document.logDenials()) {
            words.add("logged");
        }
        document.coverage().foreignOn("x86_64").forEach(arch -> words.add("+" + arch));
        return String.join(" ", words) + ": " + Policies.rules(document);
    }

    @ParameterizedTest
    @MethodSource("readings")
    void read_text_hasItsRulesAndLosses(Vectors.Row row) {
        Reading reading = read(row.get(0), row.get(1));
        assertEquals(row.get(2), outcome(reading.document()));
        assertEquals(row.get(3), Policies.text(reading.losses()));
    }

    static List<Vectors.Row> verdicts() {
        return Vectors.beside(ReadingTest.class, "verdicts.tsv", 4);
    }

    /** What a policy does with a call such as {@code read(1,0x10)}. */
    static String verdict(PolicyDocument document, String call) {
        return verdict(document, RandomDocuments.HERE, call);
    }

    static String verdict(PolicyDocument document, Circumstances here, String call) {
        String[] words = call.split("[(,)]");
        long[] arguments = new long[Condition.ARGUMENTS];
        for (int i = 1; i < words.length; i++) {
            arguments[i - 1] =
                    words[i].startsWith("0x")
                            ? Long.parseUnsignedLong(words[i].substring(2), 16)
                            : Long.parseLong(words[i]);
        }
        CallRef called =
                Character.isDigit(call.charAt(0))
                        ? new CallRef.Numbered(Integer.parseInt(words[0]))
                        : new CallRef.Named(words[0]);
        return ActionText.format(
                new RandomDocuments.Call(called, arguments).verdict(document, here));
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void read_text_decidesAboutCalls(Vectors.Row row) {
        Reading reading = read(row.get(0), row.get(1));
        for (String expected : row.get(2).split("; ")) {
            String call = expected.substring(0, expected.indexOf(' '));
            assertEquals(expected, call + " " + verdict(reading.document(), call));
        }
        assertEquals(row.get(3), Policies.text(reading.losses()));
    }

    @Test
    void read_commentsOfSeccompiler_areTheReason() {
        PolicyDocument document =
                Policies.read(
                        """
                        {"main": {"default_action": "trap", "filter_action": "allow", "filter": [
                          {"syscall": "read", "comment": "for the API", "args": [
                            {"index": 0, "type": "qword", "op": "ne", "val": 1,
                             "comment": "no socket"}]}]}}
                        """);
        assertEquals("for the API, no socket", document.rules().get(0).note().reason());
    }
}

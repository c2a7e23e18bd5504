// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTextTest {
    private static final Path CORPUS = Path.of("../preload/tests/corpus");

    static List<Vectors.Row> lists() {
        return Vectors.ofTheLibrary("list.tsv");
    }

    static List<Vectors.Row> actions() {
        return Vectors.ofTheLibrary("action.tsv");
    }

    static List<Vectors.Row> unknown() {
        return Vectors.ofTheLibrary("unknown.tsv");
    }

    /** The outcome in the form of the vectors' second column. */
    private static String outcome(Function<String, String> readAndWrite, String input) {
        try {
            return readAndWrite.apply(input);
        } catch (PolicySyntaxException e) {
            return "error " + e.offset() + " " + e.mistake().keyword();
        }
    }

    private static String rewriteList(String input) {
        List<PolicyEntry> entries = PolicyText.parseEntries(input);
        String text = PolicyText.format(entries);
        assertEquals(entries, PolicyText.parseEntries(text));
        return entries.isEmpty() ? "(empty)" : text;
    }

    private static String rewriteAction(String input) {
        Action action = PolicyText.parseAction(input);
        String text = PolicyText.format(action);
        assertEquals(action, PolicyText.parseAction(text));
        return text;
    }

    @ParameterizedTest
    @MethodSource("lists")
    void parseEntries_vector_isReadOrRefusedAsSaid(Vectors.Row row) {
        assertEquals(row.get(1), outcome(PolicyTextTest::rewriteList, row.get(0)));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void parseAction_vector_isReadOrRefusedAsSaid(Vectors.Row row) {
        assertEquals(row.get(1), outcome(PolicyTextTest::rewriteAction, row.get(0)));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void parseUnknown_vector_isReadOrRefusedAsSaid(Vectors.Row row) {
        assertEquals(
                row.get(1), outcome(input -> UnknownCalls.parse(input).toString(), row.get(0)));
    }

    @Test
    void vectors_areAllThere_andHaveEveryMistake() {
        assertTrue(lists().size() > 150, "list.tsv: " + lists().size());
        assertTrue(actions().size() > 50, "action.tsv: " + actions().size());
        Set<String> outcomes =
                Stream.of(lists(), actions(), unknown())
                        .flatMap(List::stream)
                        .map(row -> row.get(1).replaceFirst("error [0-9]+ ", ""))
                        .collect(Collectors.toSet());
        EnumSet<PolicyMistake> notOfTheGrammar =
                EnumSet.of(PolicyMistake.BAD_SWITCH, PolicyMistake.SET_TWICE);
        for (PolicyMistake mistake : EnumSet.complementOf(notOfTheGrammar)) {
            assertTrue(outcomes.contains(mistake.keyword()), mistake.keyword());
        }
    }

    @Test
    void parseEntries_everyPart_isInTheModel() {
        List<Condition> several =
                List.of(Condition.masked(2, 0xf0, 0x10), Condition.of(0, Operator.GE, -1));
        List<Condition> others =
                List.of(
                        Condition.of(1, Operator.EQ, 1),
                        Condition.of(2, Operator.NE, 2),
                        Condition.of(3, Operator.LT, 3),
                        Condition.of(4, Operator.LE, 4),
                        Condition.of(5, Operator.GT, 5));
        assertEquals(
                List.of(
                        new PolicyEntry(new CallRef.Named("a"), several),
                        PolicyEntry.of(7),
                        new PolicyEntry(new CallRef.Numbered(8), others)),
                PolicyText.parseEntries(
                        "a(arg2&0xf0==0x10,arg0>=0xffffffffffffffff):0x7:"
                                + "8(arg1==1,arg2!=2,arg3<3,arg4<=4,arg5>5)"));
    }

    /** Only one kind of exception is thrown, never with an offset beyond the text. */
    @Test
    void parse_everyVectorCutAtEveryByte_isReadOrRefused() {
        Stream.concat(lists().stream(), actions().stream())
                .map(row -> row.get(0))
                .forEach(PolicyTextTest::readAllCuts);
    }

    @Test
    void parse_fuzzingCorpus_isReadOrRefused() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            List<Path> all = files.toList();
            assertTrue(all.size() >= 10, "corpus: " + all.size());
            for (Path file : all) {
                readAllCuts(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static void readAllCuts(String input) {
        for (int end = 0; end <= input.length(); end++) {
            String cut = input.substring(0, end);
            for (String text : List.of(cut, cut + "\u0131", cut + "\ud800", cut + "\uff11")) {
                assertOffsetInside(text, () -> PolicyText.parseEntries(text));
                assertOffsetInside(text, () -> PolicyText.parseAction(text));
            }
        }
    }

    private static void assertOffsetInside(String text, Runnable parse) {
        try {
            parse.run();
        } catch (PolicySyntaxException e) {
            assertTrue(e.offset() >= 0 && e.offset() <= text.length(), e::getMessage);
        }
    }

    /** In addition to the vectors. */
    @Table
    void parseEntries_text_isReadOrRefusedAsSaid(String input, String outcome) {
        assertEquals(outcome, outcome(PolicyTextTest::rewriteList, input));
    }

    @Test
    void parseEntries_hundredThousandEntries_areRead() {
        assertEquals(100_000, PolicyText.parseEntries("read:".repeat(100_000)).size());
    }

    @Test
    void parseEntries_megabyteOfOneEntry_isShownShortened() {
        String text = "a".repeat(1 << 20) + "!";
        PolicySyntaxException e =
                assertThrows(PolicySyntaxException.class, () -> PolicyText.parseEntries(text));
        assertEquals("a".repeat(60) + "...: unexpected character, at byte 1048576", e.getMessage());
    }

    /** Each shows the entry with the mistake, or the one before. */
    @Table
    void parse_mistake_isShown(String form, String input, String message) {
        Function<String, Object> parse =
                form.equals("list") ? PolicyText::parseEntries : PolicyText::parseAction;
        assertEquals(
                message,
                assertThrows(PolicySyntaxException.class, () -> parse.apply(input)).getMessage());
    }

    @Test
    void format_callAndConditions_isOneEntry() {
        PolicyEntry entry = PolicyText.parseEntries("socket(arg0==1,arg1&0xf==2)").get(0);
        assertEquals(
                "socket(arg0==1,arg1&0xf==2)", PolicyText.format(entry.call(), entry.conditions()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.lists.ListFormat;
import io.sandbox.syscalldb.testing.Table;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;
import picocli.CommandLine.ParameterException;

final class OptionsTest {
    private final Options options = new Options("test", () -> 0);

    private void read(String... words) {
        options.commandLine().setStopAtPositional(true).parseArgs(words);
    }

    @Test
    void help_isShortOrWhole() {
        Options helped =
                new Options(
                        "test",
                        () -> 0,
                        Usage.parse("H.\n\nUsage: test\n\n--flag:\nA flag. More\nof it.\n", ""));
        helped.named("--flag").flag();
        assertEquals(helped.shortHelp(), printed(helped, "-h"));
        assertEquals(helped.wholeHelp(List.of()), printed(helped, "--help"));
        assertNotEquals(helped.shortHelp(), helped.wholeHelp(List.of()));
    }

    private static String printed(Options by, String word) {
        StringWriter text = new StringWriter();
        by.commandLine().setOut(new PrintWriter(text, true));
        assertEquals(0, by.run(false, null, word));
        return text.toString();
    }

    @Test
    void severalGiven_areKeptInOrder() {
        Value<List<String>> texts = options.named("--text").texts("T");
        Value<List<String>> list = options.named("--list").list("L");
        Value<List<Path>> files = options.named("--file").files();
        read("--text=b,c", "--list=b,a", "--file=x", "--text=a", "--list=c", "--file=x");
        assertEquals(List.of("b,c", "a"), texts.get());
        assertEquals(List.of("b", "a", "c"), list.get());
        assertEquals(List.of(Path.of("x"), Path.of("x")), files.get());
    }

    /** Which of its options picocli gets to know does not change what it reads. */
    @Table
    void run_someWords_areReadAsAmongAllOptions(String words) {
        assertEquals(readBy(words, true), readBy(words, false));
    }

    private static String readBy(String words, boolean all) {
        StringBuilder read = new StringBuilder();
        Options options = new Options("test", () -> read.append("ran").length());
        Value<Boolean> more = options.named("-m", "--more").flag();
        Value<Boolean> most = options.named("--more=most").flag();
        Value<Integer> number = options.named("--number").number("N");
        Value<List<String>> rest = options.words("WORD");
        if (all) {
            options.commandLine();
        }
        options.run(true, new Said(read), words.split(" "));
        return read + " " + more.get() + most.get() + number.get() + rest.get();
    }

    private record Said(StringBuilder text) implements Outcome {
        @Override
        public int mistake(String message) {
            return text.append(message).length();
        }

        @Override
        public int failure(Throwable e) {
            throw new AssertionError(e);
        }

        @Override
        public String version() {
            return "1";
        }
    }

    @Test
    void readWords_wordsAlone_areGivenAsPicocliGivesThem() {
        for (boolean files : new boolean[] {false, true}) {
            for (String[] words : new String[][] {{}, {"a"}, {"a b", "=", "c,d", "@e", "\"f\""}}) {
                Options plain = new Options("test", () -> 0);
                Options read = new Options("test", () -> 0);
                Value<Boolean> flag = plain.named("-f").flag();
                Value<?> here = files ? plain.files() : plain.words("WORD");
                Value<?> there = files ? read.files() : read.words("WORD");
                assertTrue(plain.readWords(false, words));
                read.commandLine().setExpandAtFiles(false).parseArgs(words);
                assertEquals(there.get(), here.get());
                assertEquals(there.isGiven(), here.isGiven());
                assertEquals(read.given(), plain.given());
                assertFalse(flag.get());
            }
        }
    }

    @Test
    void readWords_wordsOfAProgram_areAllItsOwn() {
        Value<List<String>> words = options.words("WORD");
        assertTrue(options.readWords(true, "prog", "-f", "", "--"));
        assertEquals(List.of("prog", "-f", "", "--"), words.get());
    }

    @Table
    void readWords_whatPicocliMustSee_isLeftToIt(boolean program, String given) {
        Value<List<String>> words = options.words("WORD");
        assertFalse(options.readWords(program, given.split(" ", -1)));
        assertFalse(words.isGiven());
    }

    @Test
    void readWords_withoutWhatIsRequired_areLeftToPicocli() {
        options.words("WORD");
        options.named("--need").required().text("T");
        assertFalse(options.readWords(true, "x"));
    }

    @Test
    void readWords_operandsThatAreCounted_areLeftToPicocli() {
        options.operand("A");
        assertFalse(options.readWords(false, "x"));
        Options several = new Options("test", () -> 0);
        several.operands("FILE");
        assertFalse(several.readWords(false, "x"));
        Options parent = new Options("test", () -> 0);
        parent.words("WORD");
        parent.subcommand(options);
        assertFalse(parent.readWords(false, "x"));
    }

    @Table
    void wordsThatDoNotFit_areRefused(String declared, String words, String refusal) {
        for (String word : declared.split(" ")) {
            switch (word) {
                case "--need" -> options.named(word).required().text("T");
                case "--number" -> options.named(word).number("N");
                case "--choice" -> options.named(word).choice(ListFormat.class, "C");
                case "--duration" -> TimeSpan.ofRun(options);
                case "FILE..." -> options.operands("FILE");
                default -> options.operand(word);
            }
        }
        String[] given = words.isEmpty() ? new String[0] : words.split(" ");
        assertEquals(
                refusal, assertThrows(ParameterException.class, () -> read(given)).getMessage());
    }

    // Times that users write.

    @Table
    void parse_eachUnit(String text, Duration expected) {
        assertEquals(expected, TimeSpan.parse(text));
    }

    @Table
    @EmptySource
    void parse_anythingElse_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> TimeSpan.parse(text));
    }

    private static final ZonedDateTime NOW =
            ZonedDateTime.parse("2026-11-24T18:05:30+01:00[Europe/Berlin]");

    @Table
    void parse_knownForms_areReadInTheZone(String text, String expected) {
        assertEquals(Instant.parse(expected).toEpochMilli(), PointInTime.parse(text, NOW));
    }

    @Table
    @EmptySource
    void parse_otherForms_areRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> PointInTime.parse(text, NOW));
    }
}

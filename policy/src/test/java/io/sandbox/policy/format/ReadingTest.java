// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts of each format, and what they mean, are written with losses, or are refused. */
final class ReadingTest {
    static Reading read(String format, String text) {
        return format.equals("any")
                ? Policies.reading(text)
                : PolicyFormat.byName(format).orElseThrow().read(text.getBytes(UTF_8));
    }

    @Table
    void read_mistake_isRefusedInOneLine(String format, String text, String message) {
        assertEquals(message, Policies.refusal(() -> read(format, text)));
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

    @Table
    void read_text_hasItsRulesAndLosses(String format, String text, String rules, String losses) {
        Reading reading = read(format, text);
        assertEquals(rules, outcome(reading.document()));
        assertEquals(losses, Policies.text(reading.losses()));
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

    @Table
    void read_text_decidesAboutCalls(String format, String text, String verdicts, String losses) {
        Reading reading = read(format, text);
        for (String expected : verdicts.split("; ")) {
            String call = expected.substring(0, expected.indexOf(' '));
            assertEquals(expected, call + " " + verdict(reading.document(), call));
        }
        assertEquals(losses, Policies.text(reading.losses()));
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

    // What a text takes from elsewhere: files, and values of constants.

    /** These files, wherever they are looked for. */
    private record Files(Map<String, String> texts) implements IncludedFiles {
        @Override
        public Included read(String path, String from, List<String> folders) {
            if (!isThere(path, from, folders)) {
                throw PolicyFormatException.ofWhole(path + ": no such file");
            }
            String name = path.replaceFirst(".*/", "");
            return new Included(name, texts.get(name).getBytes(UTF_8), !path.startsWith("/"));
        }

        @Override
        public boolean isThere(String path, String from, List<String> folders) {
            return texts.containsKey(path.replaceFirst(".*/", ""));
        }
    }

    private static Reading read(String format, String text, Map<String, String> files) {
        return PolicyFormat.byName(format)
                .orElseThrow()
                .read(text.getBytes(UTF_8), Surroundings.on("x86_64").withFiles(new Files(files)));
    }

    static String rulesAndLosses(Reading reading) {
        String losses = Policies.text(reading.losses());
        return Policies.rules(reading.document()) + (losses.isEmpty() ? "" : "; " + losses);
    }

    @Table
    void read_severalFiles_areReadInTheirPlaces(
            String format, String text, String others, String expected) {
        Map<String, String> files = new HashMap<>();
        for (String file : others.split(" @@ ")) {
            files.put(file.replaceFirst("(?s): .*", ""), file.replaceFirst("(?s)^\\S*: ", ""));
        }
        assertEquals(expected, Policies.said(() -> rulesAndLosses(read(format, text, files))));
    }

    /** So that files that include others several times end. */
    @Test
    void read_manyFiles_areBounded() {
        assertBounded("kafel", "#include \"%s\" \"%1$s\"\n", 14);
        assertBounded("minijail", "@include ./%1$s\n".repeat(9), 4);
    }

    private static void assertBounded(String format, String line, int depth) {
        Map<String, String> files = new HashMap<>(Map.of("f" + depth, ""));
        for (int i = 0; i < depth; i++) {
            files.put("f" + i, line.formatted("f" + (i + 1)));
        }
        String message = Policies.refusal(() -> read(format, line.formatted("f0"), files));
        assertTrue(message.endsWith("more than 1000 files"), message);
    }

    /** From asm/fcntl.h of the architectures, and linux/fs.h. */
    @Table
    void valueOf_name_isThatOfTheArchitecture(
            String name, String x86, String arm64, String arm, String i386) {
        assertEquals(Long.decode(x86), ConstantNames.lookUp("x86_64", name).orElseThrow());
        assertEquals(Long.decode(arm64), ConstantNames.lookUp("aarch64", name).orElseThrow());
        assertEquals(Long.decode(arm), ConstantNames.lookUp("arm", name).orElseThrow());
        assertEquals(Long.decode(i386), ConstantNames.lookUp("i386", name).orElseThrow());
    }

    @Table
    void of_values_areNamedWholeOrNotAtAll(
            String arch, String prefixes, long choiceMask, String value, String name) {
        List<String> words = prefixes.isEmpty() ? List.of() : List.of(prefixes.split(" "));
        long number =
                value.startsWith("0x")
                        ? Long.parseUnsignedLong(value.substring(2), 16)
                        : Long.parseLong(value);
        assertEquals(name, ConstantNames.of(arch, words, choiceMask, number).orElse(""));
    }

    // How long and how deep texts may be, so that any is read in a short time.

    private static final Pattern REPEATED = Pattern.compile("<([0-9]+)\\*(.*?)>");

    private static String whole(String text) {
        return REPEATED.matcher(text)
                .replaceAll(part -> part.group(2).repeat(Integer.parseInt(part.group(1))));
    }

    /** In a text, {@code <3*TEXT>} is three times this text. */
    @Table
    void read_upToTheLimit_allows(String text, String call) {
        assertEquals("allow", ReadingTest.verdict(Policies.read(whole(text)), call));
    }

    @Table
    void read_beyondTheLimit_isRefused(String text, String reason) {
        String message = Policies.refusal(whole(text));
        assertTrue(message.contains(": " + reason), message);
    }

    /** A policy of others must not take time that grows with the square of its length. */
    @Test
    @Timeout(30)
    void longList_isReadInTime() {
        int count = 300_000;
        String text = "a: [" + "bcd, ".repeat(count) + "\ud83d\ude00, e]\nf: g\n";
        DataNode map = YamlTree.parse(text).get(0);
        List<DataNode> items = map.items("a");
        assertEquals(count + 2, items.size());
        DataNode last = items.get(count + 1);
        assertEquals("e", text.substring(last.start(), last.end()));
        DataNode list = map.get("a");
        assertEquals('[', text.charAt(list.start()));
        assertEquals(']', text.charAt(list.end() - 1));
        DataNode other = map.get("f");
        assertEquals("g", text.substring(other.start(), other.end()));
    }
}

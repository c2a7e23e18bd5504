// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the parser says of lines: of each sample, and of samples of which a part is another. */
final class LinesTest {
    /** A line with a host of its own, which is in the block before the one that is read. */
    private static final String BEFORE = "Nov 26 01:02:03 other \n";

    private final SeccompRecordParser parser = new SeccompRecordParser();

    /** A sample's name, its text, and what it is: a line, or a payload of a type. */
    static List<Vectors.Row> samples() {
        return Stream.of("samples.tsv", "corpus-records.tsv")
                .flatMap(file -> Vectors.beside(LinesTest.class, file, 4, ISO_8859_1).stream())
                .toList();
    }

    static List<Vectors.Row> variants() {
        return Vectors.beside(LinesTest.class, "variants.tsv", 4, ISO_8859_1);
    }

    static List<Vectors.Row> damaged() {
        return Vectors.beside(LinesTest.class, "damaged.tsv", 4, ISO_8859_1);
    }

    private record Sample(String how, String text) {
        static final Map<String, Sample> ALL = new TreeMap<>();

        static {
            samples().forEach(row -> ALL.put(row.get(0), new Sample(row.get(1), row.get(2))));
        }
    }

    /** Lines of a process that wants to be the kernel, for the tests that damage and cut lines. */
    static List<byte[]> forged() {
        return lines(variants().stream().filter(row -> row.get(0).equals("forged")));
    }

    private static List<byte[]> lines(Stream<Vectors.Row> rows) {
        return rows.map(row -> row.get(2).strip().getBytes(ISO_8859_1)).toList();
    }

    private String told(String how, String text, Map<String, String> usual) {
        byte[] bytes = (BEFORE + text + "7 pid=1 code=0x0\n").getBytes(ISO_8859_1);
        int start = BEFORE.length();
        ParseOutcome outcome =
                how.equals("line")
                        ? parser.parseLine(bytes, start, text.length())
                        : parser.parsePayload(Integer.parseInt(how), bytes, start, text.length());
        return switch (outcome) {
            case MALFORMED -> parser.malformedReason().toString();
            case LOSS -> "LOSS " + RecordText.of(parser, outcome).fields().get("loss");
            case NOT_OURS -> "NOT_OURS";
            case RECORD -> difference(usual, fields());
        };
    }

    /** All that can be asked about a record. */
    private Map<String, String> fields() {
        SeccompRecord record = parser.record();
        Map<String, String> fields =
                new TreeMap<>(RecordText.of(parser, ParseOutcome.RECORD).fields());
        record.host().ifPresent(host -> fields.put("host", host));
        for (RecordField name : List.of(RecordField.COMM, RecordField.EXE)) {
            Optional<String> decoded = name == RecordField.COMM ? record.comm() : record.exe();
            String raw = fields.getOrDefault(name.toString(), "\"");
            if (!raw.startsWith("\"")) {
                fields.put(name.toString().toLowerCase(Locale.ROOT), decoded.orElseThrow());
            }
        }
        if (parser.isPrintedEntry() || parser.isSocketEntry()) {
            fields.put("entry", parser.isPrintedEntry() ? "printed" : "socket");
        }
        return fields;
    }

    /** The fields that are other ones than usual, and, with a minus, those that are missing. */
    private static String difference(Map<String, String> usual, Map<String, String> fields) {
        List<String> words = new ArrayList<>(List.of("RECORD"));
        fields.forEach(
                (name, value) ->
                        words.add(value.equals(usual.get(name)) ? "" : name + "=" + value));
        usual.keySet().forEach(name -> words.add(fields.containsKey(name) ? "" : "-" + name));
        words.removeIf(String::isEmpty);
        return String.join("; ", words);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sample_hasAllItsFields(Vectors.Row row) {
        assertEquals(row.get(3), told(row.get(1), row.get(2), Map.of()));
    }

    /** A variant: a part of a sample (... stands for what is between) is another. */
    private static String text(String sample, String part, String instead) {
        if (part.isEmpty()) {
            return instead;
        }
        String[] ends = (part + " ").split("\\.\\.\\.", 2);
        String begin = ends.length == 1 ? part : ends[0];
        int from = sample.indexOf(begin);
        assertTrue(from >= 0, part);
        int to = from + begin.length();
        if (ends.length == 2) {
            String end = ends[1].substring(0, ends[1].length() - 1);
            to = end.isEmpty() ? sample.length() : sample.indexOf(end, to) + end.length();
        }
        return sample.substring(0, from) + instead + sample.substring(to);
    }

    @ParameterizedTest
    @MethodSource({"variants", "damaged"})
    void variant_hasItsFields(Vectors.Row row) {
        Sample sample = Sample.ALL.getOrDefault(row.get(0), new Sample("line", ""));
        boolean record = told(sample.how, sample.text, Map.of()).startsWith("RECORD");
        Map<String, String> usual = record ? fields() : Map.of();
        String text = text(sample.text, row.get(1), row.get(2));
        assertEquals(row.get(3), told(sample.how, text, usual));
    }

    static List<byte[]> corpus() {
        Stream<Vectors.Row> samples = samples().stream().filter(row -> row.get(1).equals("line"));
        List<byte[]> lines = new ArrayList<>(lines(samples));
        lines.addAll(forged());
        return lines;
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void lineCutAnywhere_hasNoWrongField(byte[] line) {
        RecordText whole = RecordText.ofLine(parser, line, line.length);
        for (int cut = 0; cut < line.length; cut++) {
            RecordText part = RecordText.ofLine(parser, Arrays.copyOf(line, cut), cut);
            byte[] ended = Arrays.copyOf(line, cut + 1);
            ended[cut] = '\n';
            if (line[0] == '{' && cut < new String(line, ISO_8859_1).stripTrailing().length()) {
                assertNotEquals(ParseOutcome.RECORD, part.outcome(), "cut at " + cut);
                assertNotEquals(ParseOutcome.RECORD, parser.parseLine(ended, 0, cut + 1));
            } else if (part.outcome() == ParseOutcome.RECORD && whole.outcome() == part.outcome()) {
                assertTrue(
                        part.fields().keySet().stream().anyMatch(key -> key.startsWith("SYSCALL")));
                part.fields()
                        .forEach((key, value) -> assertEquals(whole.fields().get(key), value, key));
            }
        }
    }

    private static List<RecordText> scanned(String... lines) {
        return RecordText.scan(new LogScanner(), String.join("", lines).getBytes(ISO_8859_1));
    }

    /** There are short ways for lines that are like an earlier one. */
    @Test
    void variantBehindItsSample_isReadAsAlone() {
        List<Vectors.Row> rows = new ArrayList<>(variants());
        rows.addAll(damaged());
        for (Vectors.Row row : rows) {
            Sample one = Sample.ALL.getOrDefault(row.get(0), new Sample("none", ""));
            if (one.how.equals("line")) {
                String sample = one.text.strip() + "\n";
                String variant = text(one.text, row.get(1), row.get(2)).replace("\n", "") + "\n";
                List<RecordText> alone = new ArrayList<>();
                for (String line : List.of(sample, sample, variant, sample, variant)) {
                    alone.addAll(scanned(line));
                }
                assertEquals(
                        alone, scanned(sample, sample, variant, sample, variant), row.toString());
            }
        }
    }

    @Test
    void deepNesting_isNoRecordAndNoStackOverflow() {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        String line = "{\"SECCOMP\":{\"syscall\":1},\"X\":" + deep + "}";
        assertEquals("TRUNCATED", told("line", line, Map.of()));
    }

    /** Up to where the room for values grows, and beyond it. */
    @Test
    void textsOfAnyLengthAndKind_areKept() {
        for (int length = 0; length < 520; length += length > 20 && length < 200 ? 20 : 1) {
            for (String end : List.of("", " ", "\u00e9")) {
                String exe = "/" + "y".repeat(length) + end;
                byte[] line =
                        ("{\"SECCOMP\":{\"comm\":\"ls\",\"exe\":\""
                                        + exe
                                        + "\",\"syscall\":1,\"code\":\"0x80000000\"}}")
                                .getBytes(UTF_8);
                SeccompRecordParser fresh = new SeccompRecordParser();
                assertEquals(ParseOutcome.RECORD, fresh.parseLine(line, 0, line.length));
                assertEquals(Optional.of(exe), fresh.record().exe());
                assertEquals(Optional.of("ls"), fresh.record().comm());
                assertEquals(0x80000000, fresh.record().code());
            }
        }
    }

    // Beginnings of lines.

    /** Of a line that is filled up or cut to a length. */
    @Table
    void kindAt_lineOfALength_isKnownAtOnce(
            String line, int length, boolean isLikeAuditd, RawLine.Kind kind) {
        byte[] bytes = (">>" + line + "x".repeat(64)).getBytes(US_ASCII);
        assertEquals(isLikeAuditd, RawLine.startsLike(bytes, 2, 2 + length));
        assertEquals(kind, RawLine.kindAt(bytes, 2, 2 + length));
    }

    /** A | stands for where the head of the record begins. */
    @Table
    void head_mayHaveAHostAndATime(String line, String host, String time) {
        SeccompRecord record = new SeccompRecord();
        byte[] bytes = (line.replace("|", "") + " ".repeat(64)).getBytes(US_ASCII);
        int head = line.indexOf('|');
        LineHead.findHost(bytes, 0, head, record);
        assertEquals(host, record.host().orElse("none"));
        OptionalLong millis = LineHead.millis(bytes, 0, head);
        assertEquals(time, millis.isEmpty() ? "none" : millis.getAsLong() + "");
    }

    // Lines around records.

    private final LossLine loss = new LossLine();

    /** The kind, the count and the message; none if the line is about no loss. */
    private String parsed(String line) {
        byte[] bytes = line.getBytes(US_ASCII);
        return !loss.parse(bytes, 0, line.indexOf("audit"), bytes.length)
                ? "none"
                : loss.kind() + " " + loss.count() + " " + line.substring(loss.start());
    }

    @Table
    void parse_messageOfALoss_isCounted(String message, String expected) {
        assertEquals(expected + " " + message, parsed(message));
        assertEquals(expected + " " + message, parsed("[ 12.3] " + message));
    }

    @Table
    void parse_otherText_isNoLoss(String line) {
        assertEquals("none", parsed(line));
    }

    /** What a program has written somewhere into a line is no message of the kernel. */
    @Table
    void parse_insideOfOtherText_isNoLoss(String before) {
        assertEquals("none", parsed(before + "audit: backlog limit exceeded"));
        assertEquals("none", parsed("x" + before + "audit_lost=1 x"));
    }

    @Table
    void parse_afterTheEndOfAHead_isALoss(String before) {
        assertEquals("LOST_TOTAL 1 audit_lost=1 x", parsed("x" + before + "audit_lost=1 x"));
    }

    @Table
    void textAt_isBehindTheHead(String line, String text) {
        byte[] bytes = (">>" + line).getBytes(US_ASCII);
        int at = CriLine.textAt(bytes, 2, bytes.length);
        assertEquals(text, at < 0 ? "none" : line.substring(at - 2));
    }
}

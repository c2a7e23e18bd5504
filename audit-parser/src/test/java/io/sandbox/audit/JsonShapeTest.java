// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** JSON: the shape of a line, which an earlier one had, and texts. */
final class JsonShapeTest {
    private static final List<Vectors.Row> SHAPES =
            Vectors.beside(JsonShapeTest.class, "json-shapes.tsv", 1);

    /** The first nine are usual; the last is no value at all. */
    private static final String[] VALUES =
            """
            1|22|-3|true|"7"|"read"|"\\"ls\\""|"/bin/ls"|"A b"|null|"a b"|"\\u00e9\u00e9"|""|{}|[1]|\
            "335(unknown)"|"seccomp"|"added"|"removed"|"a\tb"|"\\x"|nan|"LOG"|"auid"|\
            "2021-11-09T19:07:59.601Z"|"2021-11-09T19:07:60.601Z"|\
            """
                    .split("\\|", -1);

    private static final int LINES = Math.min(4000, Integer.getInteger("audit.mutations", 4000));

    /** A line of mostly the same shape; few have values of other types at the same places. */
    private static String line(Random random) {
        StringBuilder line = new StringBuilder();
        String shape = SHAPES.get(random.nextInt(SHAPES.size())).get(0);
        boolean hostile = random.nextInt(8) == 0;
        int place = 0;
        for (char c : shape.toCharArray()) {
            if (c != '?') {
                line.append(c);
            } else if (line.charAt(line.length() - 1) == ':'
                    && line.charAt(line.length() - 2) != '"') {
                line.append(random.nextInt(6)); // within a stamp
            } else {
                int usual = place++ % 2 == 0 ? random.nextInt(4) : 4 + random.nextInt(5);
                line.append(VALUES[hostile ? random.nextInt(VALUES.length) : usual]);
            }
        }
        if (random.nextInt(20) == 0) {
            line.setLength(random.nextInt(line.length()));
        }
        return line.append(random.nextInt(8) == 0 ? " \n" : "\n").toString();
    }

    @Table
    void manyLines_areReadAsEachAlone(long seed) {
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        StringBuilder log = new StringBuilder();
        SeccompRecordParser alone = new SeccompRecordParser(); // which reads each line in full
        for (int i = 0; i < LINES; i++) {
            String line = line(random);
            log.append(line);
            if (parse(alone, line) == ParseOutcome.RECORD) {
                expected.add(told(alone));
            }
        }
        byte[] bytes = bytes(log.toString());
        LogScanner scanner = new LogScanner();
        scanner.reset(bytes, 0, bytes.length);
        List<String> read = new ArrayList<>();
        while (scanner.next()) {
            if (scanner.outcome() == ParseOutcome.RECORD) {
                read.add(told(scanner.parser()));
            }
        }
        assertTrue(expected.size() > 100, () -> "only " + expected.size() + " records");
        assertEquals(expected, read);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static ParseOutcome parse(SeccompRecordParser parser, String line) {
        return parser.parseLine(bytes(line), 0, bytes(line).length);
    }

    private static SeccompRecordParser after(String first) {
        SeccompRecordParser parser = new SeccompRecordParser();
        assertEquals(ParseOutcome.RECORD, parse(parser, first));
        return parser;
    }

    private static boolean isReadAlike(SeccompRecordParser parser, String line) {
        byte[] bytes = bytes(line);
        int end = parser.parseAlike(bytes, 0, bytes.length);
        assertTrue(end == -1 || end == bytes.length, line);
        return end >= 0;
    }

    /** If only values differ that have differed before, not even the others are read. */
    @Test
    void lineThatDiffersInValues_isReadAlike() {
        String line =
                "{\"ID\":\"1700000000.123:4\",\"SECCOMP\":{\"auid\":%s,\"comm\":\"%s\",\"x\":\"%s\",\"syscall\":59}}\n";
        SeccompRecordParser parser = after(line.formatted("0", "a", "x"));
        String longName = "n".repeat(3000);
        for (Vectors.Row row : Vectors.beside(JsonShapeTest.class, "json-values.tsv", 4)) {
            String comm = row.get(1).replace("LONG", longName);
            String next = line.formatted(row.get(0), comm, row.get(2));
            byte[] block = bytes("\n" + next + "{}\n");
            assertEquals(1 + bytes(next).length, parser.parseAlike(block, 1, block.length));
            assertEquals(told(after(next)), told(parser));
            assertEquals(row.get(3), "" + parser.lastWasRepeated(), row::toString);
        }
        // A line of another shape is no line of the last one.
        parse(parser, "{\"SECCOMP\":{\"syscall\":231}}\n");
        assertEquals(231, parser.record().syscall());
    }

    @Test
    void valuesThatNeverDiffer_areKept() {
        for (String line :
                List.of(
                        "{\"SECCOMP\":{\"auid\":5,\"comm\":\"%s\",\"syscall\":59}}\n",
                        "{\"user\":{\"audit\":{\"id\":5%s}},\"auditd\":{\"message_type\":\"seccomp\",\"data\":{\"syscall\":\"59\"}}}\n")) {
            SeccompRecordParser parser = after(line.formatted("1"));
            for (int i = 2; i < 6; i++) {
                assertTrue(isReadAlike(parser, line.formatted(i)));
                assertEquals(i > 2, parser.lastWasRepeated());
                assertEquals(line.contains("auid") ? 5 : 50 + i, parser.record().auid());
                assertEquals(59, parser.record().syscall());
            }
        }
    }

    /** Such a line is read in full, which may find that it is no record. */
    @Table
    void lineThatDiffersOtherwise_isNotReadAlike(String part, String other) {
        String line =
                "{\"ID\":\"1700000000.123:4\",\"SECCOMP\":{\"auid\":0,\"comm\":\"a\",\"syscall\":59}}\n";
        for (int before = 1; before < 4; before++) {
            SeccompRecordParser parser = after(line);
            for (int i = 1; i < before; i++) {
                String alike = line.replace("0,", i + ",").replace("a\"", i + "\"");
                assertTrue(isReadAlike(parser, alike));
            }
            assertFalse(isReadAlike(parser, line.replace(part, other)));
        }
    }

    /** A line that was not whole, or whose other members decide, is no shape. */
    @Table
    void line_isNotAlwaysAShape(String line) {
        assertFalse(isReadAlike(after(line), line + "\n"));
    }

    /** The longest line that is kept, and the most values. */
    @Test
    void lineTooLongOrOfTooManyValues_isNoShape() {
        String line = "{\"SECCOMP\":{\"syscall\":1},\"x\":\"%s\"}\n";
        int room = JsonShape.MAX_LENGTH - line.length() + "%s".length();
        String values = "{\"SECCOMP\":{\"syscall\":1},\"x\":[%s0]}\n";
        for (String kept :
                List.of(line.formatted("x".repeat(room)), values.formatted("0,".repeat(190)))) {
            assertTrue(isReadAlike(after(kept), kept));
        }
        for (String other :
                List.of(line.formatted("x".repeat(room + 1)), values.formatted("0,".repeat(191)))) {
            assertFalse(isReadAlike(after(other), other));
        }
    }

    /** Lines of several hosts and shippers alternate. */
    @Test
    void eightShapes_areKept() {
        SeccompRecordParser parser = new SeccompRecordParser();
        for (int kept : new int[] {8, 9}) {
            for (int i = 0; i < kept; i++) {
                parse(parser, "{\"m" + i + "\":1,\"SECCOMP\":{\"syscall\":1}}\n");
            }
            for (int i = 0; i < kept; i++) {
                String line = "{\"m" + i + "\":2,\"SECCOMP\":{\"syscall\":" + i + "}}\n";
                boolean forgotten = kept == 9 && i == 0;
                assertEquals(!forgotten, isReadAlike(parser, line));
                if (!forgotten) {
                    assertEquals(i, parser.record().syscall());
                }
            }
        }
    }

    /** A time of the same minute as the one before is read quickly. */
    @Test
    void timesOfAMinute_areReadAsEachAlone() {
        SeccompRecordParser parser = new SeccompRecordParser();
        String line =
                "{\"@timestamp\":\"%s\",\"auditd\":{\"message_type\":\"seccomp\",\"data\":"
                        + "{\"syscall\":\"1\"}}}\n";
        for (Vectors.Row row : Vectors.beside(JsonShapeTest.class, "json-times.tsv", 1)) {
            String time = row.get(0).strip();
            String expected;
            try {
                Instant instant = Instant.parse(time);
                boolean usual = Math.abs(instant.getEpochSecond()) < 100_000_000_000L;
                expected = usual ? "" + instant.toEpochMilli() : "none";
            } catch (DateTimeException e) {
                expected = "none";
            }
            assertEquals(ParseOutcome.RECORD, parse(parser, line.formatted(time)));
            SeccompRecord record = parser.record();
            assertEquals(expected, record.hasTime() ? "" + record.timeMillis() : "none", time);
        }
        // What follows in the line is no part of the time.
        parse(
                parser,
                line.formatted("1969-12-31\",\"host\":{\"name\":\"T23:59:01.500Z\"},\"x\":\""));
        assertFalse(parser.record().hasTime());
    }

    private static String told(SeccompRecordParser parser) {
        return RecordText.of(parser, ParseOutcome.RECORD) + " " + parser.record().host();
    }

    /** Also a line at another place of a block, which ends anywhere. */
    @Test
    void sameLineCutAnywhere_isNotReadAlike() {
        String line =
                "{\"ID\":\"1700000000.123:4\",\"SECCOMP\":{\"auid\":0,\"comm\":\"a\",\"x\":\"\",\"syscall\":59}}\n";
        byte[] block = bytes("some text\n" + line + line);
        int start = "some text\n".length();
        SeccompRecordParser parser = new SeccompRecordParser();
        assertEquals(ParseOutcome.RECORD, parser.parseLine(block, start, line.length()));
        int next = start + line.length();
        for (int i = 0; i < 3; i++) {
            assertEquals(block.length, parser.parseAlike(block, next, block.length));
            assertEquals(59, parser.record().syscall());
            for (int length = 1; length < line.length(); length++) {
                assertEquals(-1, parser.parseAlike(block, next, next + length));
                assertFalse(isReadAlike(parser, line.substring(0, length)));
            }
            assertTrue(isReadAlike(parser, line.replace("0,", i + "1,").replace(":59", ":6" + i)));
            assertEquals(60 + i, parser.record().syscall());
        }
    }

    /** Values that have differed before make the line no record. */
    @Test
    void lineThatIsAlikeAndNoRecord_isNotReadAlike() {
        String line =
                "{\"hostIdentifier\":\"h\",\"columns\":{\"arch\":\"X86_64\",\"code\":\"LOG\","
                        + "\"syscall\":\"%s\"},\"action\":\"%s\"}\n";
        SeccompRecordParser parser = after(line.formatted("read", "added"));
        for (String action : List.of("snapshot", "added", "other", "added")) {
            isReadAlike(parser, line.formatted("write", action));
        }
        String removed = line.formatted("write", "removed");
        assertFalse(isReadAlike(parser, removed));
        assertEquals(ParseOutcome.NOT_OURS, parse(parser, removed));
    }

    // JSON (RFC 8259) in a range of bytes; what is around the range has no effect.

    private final List<String> skipped = new ArrayList<>();

    private final JsonText json =
            new JsonText() {
                @Override
                void skipped(int start, boolean isString) {
                    skipped.add(new String(buf, start, pos - start, UTF_8) + " " + isString);
                }
            };

    /** Begins to read a text that more of the same kind surrounds. */
    private void start(String text) {
        byte[] bytes = ("\"]}" + text + "\"]}0\"").getBytes(UTF_8);
        json.start(bytes, 3, bytes.length - 5);
    }

    private String decoded(String text) {
        start(text);
        boolean read = json.string();
        assertTrue(!read || json.pos == json.end, text);
        return read ? new String(json.text, 0, json.textLength, UTF_8) : "refused";
    }

    @Table
    void string_isDecodedOrRefused(String text, String expected) {
        assertEquals(expected, decoded(text));
    }

    @Test
    void string_ofAnyLength_isDecoded() {
        for (int length : new int[] {0, 7, 8, 9, 511, 512, 513, 1025, 5000}) {
            assertEquals("\n".repeat(length), decoded("\"" + "\\n".repeat(length) + "\""));
            assertEquals("x".repeat(length), decoded("\"" + "x".repeat(length) + "\""));
            String half = "y".repeat(length);
            assertEquals(half + "\n" + half, decoded("\"" + half + "\\n" + half + "\""));
        }
    }

    @Table
    void skipValue_isOfAWholeValue(String text, boolean whole) {
        start(text);
        assertEquals(whole, json.skipValue(0));
        assertTrue(!whole || json.pos == json.end);
    }

    @Test
    void skipValue_nesting_isLimited() {
        start("[".repeat(33) + "]".repeat(33));
        assertTrue(json.skipValue(0));
        start("[".repeat(34) + "]".repeat(34));
        assertFalse(json.skipValue(0));
        start("{\"a\":".repeat(32) + "1" + "}".repeat(32));
        assertTrue(json.skipValue(0));
        start("{\"a\":".repeat(33) + "1" + "}".repeat(33));
        assertFalse(json.skipValue(0));
    }

    /** For those who read the same line again. */
    @Test
    void skipValue_plainValues_areTold() {
        start("{\"a\":1,\"b\":[\"c\",{\"d\":null}]}");
        assertTrue(json.skipValue(0));
        assertEquals(List.of("1 false", "\"c\" true", "null false"), skipped);
    }
}

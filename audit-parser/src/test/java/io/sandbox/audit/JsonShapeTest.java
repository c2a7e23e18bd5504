// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line that is like an earlier one must be read as if it were the first. */
final class JsonShapeTest {
    /** A question mark stands for a value. */
    private static final List<String> SHAPES =
            List.of(
                    "{\"ID\":\"1700000000.123:?\",\"NODE\":?,\"SECCOMP\":{\"auid\":?,\"pid\":?,\"comm\":?,"
                        + "\"exe\":?,\"arch\":\"0xc000003e\",\"syscall\":?,\"code\":?,\"X\":?}}",
                    "{\"@timestamp\":\"2021-11-09T19:07:?0.601Z\",\"host\":{\"name\":?},"
                            + "\"process\":{\"executable\":?,\"pid\":?},\"tags\":[?,{\"a\":?}],"
                            + "\"auditd\":{\"message_type\":\"seccomp\",\"sequence\":?,\"data\":"
                            + "{\"syscall\":?,\"arch\":\"x86_64\",\"code\":\"0x50000\"}},\"u\":?}",
                    "{\"@timestamp\":?,\"auditd\":{\"message_type\":?,\"data\":{\"syscall\":?}}}",
                    "{\"hostIdentifier\":?,\"columns\":{\"arch\":\"X86_64\",\"code\":?,\"comm\":?,"
                            + "\"exe\":?,\"syscall\":?,\"time\":?,\"auid\":?},\"action\":?}");

    private static final List<String> VALUES =
            List.of(
                    "1",
                    "22",
                    "-3",
                    "\"7\"",
                    "\"read\"",
                    "\"\\\"ls\\\"\"",
                    "\"/bin/ls\"",
                    "null",
                    "true",
                    "\"a b\"",
                    "\"\\u00e9\u00e9\"",
                    "\"\"",
                    "{}",
                    "[1]",
                    "\"335(unknown)\"",
                    "\"seccomp\"",
                    "\"added\"",
                    "\"removed\"",
                    "\"a\tb\"",
                    "\"\\x\"",
                    "nan",
                    "",
                    "\"LOG\"",
                    "\"2021-11-09T19:07:59.601Z\"",
                    "\"2021-11-09T19:07:60.601Z\"",
                    "\"auid\"");

    private static String line(Random random) {
        StringBuilder line = new StringBuilder();
        String shape = SHAPES.get(random.nextInt(SHAPES.size()));
        boolean hostile = random.nextInt(4) == 0;
        for (char c : shape.toCharArray()) {
            if (c != '?') {
                line.append(c);
            } else if (line.charAt(line.length() - 1) == ':'
                    && line.charAt(line.length() - 2) != '"') {
                line.append(random.nextInt(6)); // within a stamp
            } else {
                line.append(VALUES.get(random.nextInt(hostile ? VALUES.size() : 5)));
            }
        }
        if (random.nextInt(20) == 0) {
            line.setLength(random.nextInt(line.length()));
        }
        return line.append(random.nextInt(8) == 0 ? " \n" : "\n").toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void manyLines_areReadAsEachAlone(long seed) {
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < 4000; i++) {
            String line = line(random);
            log.append(line);
            byte[] bytes = line.getBytes(UTF_8);
            SeccompRecordParser alone = new SeccompRecordParser();
            if (alone.parseLine(bytes, 0, bytes.length) == ParseOutcome.RECORD) {
                expected.add(told(alone));
            }
        }
        byte[] bytes = log.toString().getBytes(UTF_8);
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

    private static String told(SeccompRecordParser parser) {
        return RecordText.of(parser, ParseOutcome.RECORD) + " " + parser.record().host();
    }
}

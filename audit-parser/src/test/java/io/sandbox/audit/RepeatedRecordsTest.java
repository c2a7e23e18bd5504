// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;

/** The fast ways to read a line of auditd must read it as the slow way does. */
final class RepeatedRecordsTest {

    private static final String STAMP = "1700000000.001:7";
    private static final String LINE =
            "type=SECCOMP msg=audit(%s): auid=1 uid=1 gid=1 ses=3 pid=%s comm=\"a\" exe=\"/a\""
                    + " sig=0 arch=c000003e syscall=%s compat=0 ip=%s code=0x7ffc0000\n";
    private static final String FIRST = LINE.formatted(STAMP, "7", "39", "0x7f");

    /** What the lines are, with the text of each field. */
    private static List<String> scan(String log) {
        byte[] bytes = log.getBytes(UTF_8);
        LogScanner scanner = new LogScanner();
        scanner.reset(bytes, 0, bytes.length);
        List<String> found = new ArrayList<>();
        while (scanner.next()) {
            StringBuilder line = new StringBuilder();
            line.append(RecordText.of(scanner.parser(), scanner.outcome()));
            if (scanner.outcome() == ParseOutcome.RECORD) {
                for (RecordField field : RecordField.values()) {
                    line.append(' ').append(scanner.parser().record().text(field));
                }
            }
            found.add(line.toString());
        }
        return found;
    }

    private static boolean isRepeated(String line) {
        byte[] bytes = (FIRST + line).getBytes(UTF_8);
        LogScanner scanner = new LogScanner();
        scanner.reset(bytes, 0, bytes.length);
        return scanner.next() && scanner.next() && scanner.parser().lastWasRepeated();
    }

    private static void assertReadAsAlone(String line) {
        List<String> expected = new ArrayList<>(scan(FIRST));
        expected.addAll(scan(line));
        assertEquals(expected, scan(FIRST + line), line);
    }

    @Table
    void numbersThatDiffer_areRead(String stamp, String pid, String syscall, String ip) {
        String line = LINE.formatted(stamp, pid, syscall, ip);
        assertReadAsAlone(line);
        assertTrue(isRepeated(line), line);
    }

    /** Also numbers that no record has, or not in this form. */
    @Table
    @EmptySource
    void anyNumber_isReadAsInALineAlone(String number) {
        assertReadAsAlone(LINE.formatted(STAMP, number, "39", "0x7f"));
        assertReadAsAlone(LINE.formatted(STAMP, "7", number, "0x7f"));
        assertReadAsAlone(LINE.formatted(STAMP, "7", "39", "0x" + number));
        assertReadAsAlone(LINE.formatted(STAMP, "7", "39", number));
        assertReadAsAlone(LINE.formatted("1700000000.001:" + number, "7", "39", "0x7f"));
    }

    @Table
    void label_isReadAsInALineAlone(String label) {
        String line = FIRST.replace("ses=3", "ses=3 subj=" + label);
        String other = line.replace("pid=7", "pid=88").replace("syscall=39", "syscall=0");
        List<String> expected = new ArrayList<>(scan(line));
        expected.addAll(scan(other));
        assertEquals(expected, scan(line + other), line);
    }

    /** Each line is read, whatever others are kept beside it. */
    @Test
    void manyPrograms_areReadAsEachAlone() {
        StringBuilder log = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            String name = "comm=\"p" + i * 7919 % 3000 + "\"";
            String line = FIRST.replace("comm=\"a\"", name).replace("syscall=39", "syscall=" + i);
            log.append(line).append(line);
            expected.addAll(scan(line));
            expected.addAll(scan(line));
        }
        assertEquals(expected, scan(log.toString()));
    }

    /** Without those that begin in the middle of a record. */
    private static List<String> withHead(List<String> outcomes) {
        return outcomes.stream().filter(outcome -> !outcome.contains("=HEADLESS")).toList();
    }

    /** What is before a line in the block is no part of it. */
    @Test
    void damagedField_isNotReadFromTheLineBefore() {
        String body = FIRST.substring(FIRST.indexOf("auid="));
        String[] fields = body.replace("ses=3", "ses=3 subj=u").split(" ");
        for (int i = 0; i < fields.length; i++) {
            List<String> whole = List.of(fields);
            String before = String.join(" ", whole.subList(i, fields.length));
            for (int damaged = 0; damaged < fields.length; damaged++) {
                String key = fields[damaged].substring(0, fields[damaged].indexOf('=') + 1);
                for (String value :
                        new String[] {key + "z", key, key.replace('=', '-'), "", key + "0z"}) {
                    List<String> changed = new ArrayList<>(whole);
                    changed.set(damaged, value);
                    String head = "type=SECCOMP msg=audit(" + STAMP + "): ";
                    String line = head + String.join(" ", changed);
                    String cut = head + String.join(" ", changed.subList(0, damaged + 1));
                    assertEquals(scan(line), withHead(scan(before + line)), line);
                    assertEquals(scan(cut), withHead(scan(before + cut)), cut);
                }
            }
        }
    }

    /** The mistake is after the label, so the label is not at fault. */
    @Test
    void mistakeBehindALabelWithAStamp_isTheReason() {
        String line = FIRST.replace("ses=3", "ses=3 subj=audit(1").replace("ffc0000", "ffc0000z");
        assertTrue(scan(line).get(0).contains("=BAD_DELIMITER"), scan(line).get(0));
    }

    /** The head of a line is not read beyond the block's end. */
    @Test
    void kindAt_headAcrossTheEnd_mustBeParsed() {
        byte[] line = FIRST.getBytes(UTF_8);
        for (int end = "type=".length(); end <= RawLine.STAMP_OFFSET; end++) {
            assertEquals(RawLine.Kind.SUSPECT, RawLine.kindAt(line, 0, end));
            byte[] cut = FIRST.substring(0, end).getBytes(UTF_8);
            assertEquals(RawLine.Kind.SUSPECT, RawLine.kindAt(cut, 0, end));
        }
        assertEquals(RawLine.Kind.SECCOMP, RawLine.kindAt(line, 0, line.length));
        assertEquals(0, scan("type=").size());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.audit.SeccompRecordParser;
import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ProgramTallyTest {
    private final SeccompRecordParser parser = new SeccompRecordParser();
    private final Random random = new Random(5);

    private static String line(int number, int second) {
        return String.format(
                "type=SECCOMP msg=audit(%d.000:1): auid=0 uid=0 gid=0 ses=1 pid=1 comm=\"a\""
                        + " exe=\"/a\" sig=0 arch=c000003e syscall=%d compat=0 ip=0x7f"
                        + " code=0x7ffc0000\n",
                second, number);
    }

    /** A record of osquery, which has the name of the call only. */
    private boolean addJson(ProgramTally tally, String name, int second) {
        return parse(
                tally,
                """
                {"name":"seccomp","columns":{"exe":"/a","arch":"X86_64","code":"LOG",\
                "syscall":"%s","time":"%d"},"action":"added"}
                """
                        .formatted(name, second));
    }

    private boolean parse(ProgramTally tally, String text) {
        return tally.add(record(text), KernelAction.LOGGED);
    }

    private SeccompRecord record(String text) {
        byte[] line = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(ParseOutcome.RECORD, parser.parseLine(line, 0, line.length));
        return parser.record();
    }

    private ProgramTally empty() {
        return new ProgramTally(
                new ProgramKey(
                        Optional.of("/a"),
                        Optional.of(1),
                        Optional.empty(),
                        false,
                        Optional.empty()));
    }

    /** Some of the tables grow, up to their limit. */
    @Test
    void addAll_anyNumberOfRecords_isAsIfOneHadCountedAll() {
        int[] odd = {0, 1, 16, 511, 512, 600, -1, 1 << 30};
        for (int round = 0; round < 300; round++) {
            int most = 1 + random.nextInt(round % 10 == 0 ? 3000 : 100);
            Map<Integer, Long> counts = new TreeMap<>();
            Map<Integer, Long> firsts = new TreeMap<>();
            ProgramTally sum = empty();
            for (int part = 0; part < 3; part++) {
                ProgramTally tally = empty();
                for (int i = random.nextInt(most); i > 0; i--) {
                    int which = random.nextInt(600);
                    int number = which < odd.length ? odd[which] : random.nextInt(which);
                    int second = 1_000_000_000 + random.nextInt(1000);
                    parse(tally, line(number, second));
                    counts.merge(number, 1L, Long::sum);
                    firsts.merge(number, second * 1000L, Math::min);
                }
                assertEquals(0, sum.addAll(tally, new StrangeCalls()));
            }
            Map<Integer, CallCount> expected = new TreeMap<>();
            counts.forEach(
                    (number, count) ->
                            expected.put(number, new CallCount(count, firsts.get(number))));
            assertEquals(expected, sum.byNumber());
            assertEquals(counts.values().stream().mapToLong(n -> n).sum(), sum.records());
        }
    }

    /** There are more names than are found without making a string. */
    @Test
    void addAll_callsByName_isAsIfOneHadCountedAll() {
        Map<String, CallCount> expected = new TreeMap<>();
        ProgramTally sum = empty();
        for (int part = 0; part < 3; part++) {
            ProgramTally tally = empty();
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 5000; i++) {
                String name = "call" + random.nextInt(1000);
                int second = 1_000_000_000 + random.nextInt(1000);
                assertEquals(!seen.add(name), addJson(tally, name, second));
                expected.merge(name, new CallCount(1, second * 1000L), CallCount::plus);
            }
            assertEquals(0, sum.addAll(tally, new StrangeCalls()));
        }
        assertEquals(expected, new TreeMap<>(sum.byWord()));
        assertEquals(15_000, sum.records());
    }

    private boolean accept(LogTally tally, String text) {
        tally.accept(record(text));
        return tally.lastIsNew();
    }

    /** A program can make calls with any number, and whoever forges a log can write any name. */
    @Test
    void callsThatNoTableNames_haveALimit() {
        LogTally tally = new LogTally(LogFilter.all());
        for (int i = 0; i < StrangeCalls.MAX; i++) {
            assertTrue(accept(tally, line(1000 + i, 1_700_000_000)));
        }
        assertEquals(List.of(), tally.gaps());
        assertFalse(accept(tally, line(999, 1_700_000_000)));
        String word = "{\"SECCOMP\":{\"exe\":\"/a\",\"arch\":\"x86_64\",\"syscall\":\"%s\"}}";
        assertFalse(accept(tally, word.formatted("strange")));
        assertTrue(tally.gaps().get(0).startsWith("2 records were not counted"), tally::toString);
        assertTrue(accept(tally, line(2, 1_700_000_000)));
        assertTrue(accept(tally, word.formatted("open")));
        assertFalse(accept(tally, line(1000, 1_700_000_000)));

        LogTally more = new LogTally(LogFilter.all());
        for (int number : new int[] {3, 998, 1000}) {
            accept(more, line(number, 1_700_000_000));
        }
        accept(more, word.formatted("strange"));
        accept(more, word.formatted("close"));
        tally.addAll(more);
        assertTrue(tally.gaps().get(0).startsWith("4 records were not counted"), tally::toString);
        int numbers = 0;
        Set<String> words = new HashSet<>();
        for (ProgramTally program : tally.programs()) {
            numbers += program.byNumber().size();
            words.addAll(program.byWord().keySet());
        }
        assertEquals(2 + StrangeCalls.MAX, numbers);
        assertEquals(Set.of("close", "open"), words);
    }

    private static final String KILLED = "0x80000000";

    /** A sample in Prometheus' text format: a line feed, quote or backslash is escaped. */
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-z_]+)(\\{(?:[a-z]+=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)+\\})? ([0-9.]+)");

    private static String record(String second, String exe, String syscall, String code) {
        String hex = HexFormat.of().withUpperCase().formatHex(exe.getBytes(UTF_8));
        return String.format(
                "type=SECCOMP msg=audit(170000000%s.500:7): auid=0 uid=0 gid=0 ses=1 pid=9"
                        + " comm=\"x\" exe=%s sig=31 arch=c000003e syscall=%s compat=0 ip=0x7f00"
                        + " code=%s\n",
                second, hex, syscall, code);
    }

    private static String metrics(String log) throws IOException {
        DenialMetrics metrics = new DenialMetrics();
        byte[] bytes = log.getBytes(UTF_8);
        new LogFollower(LogFilter.all(), metrics).follow(new ByteArrayInputStream(bytes)::read);
        String text = metrics.text();
        Set<String> names = new HashSet<>();
        for (String line : text.split("\n")) {
            Matcher sample = SAMPLE.matcher(line);
            assertTrue(line.startsWith("# ") || sample.matches(), line);
            // The node exporter refuses a whole file with the same series twice.
            assertTrue(line.startsWith("# ") || names.add(sample.replaceFirst("$1$2")), line);
        }
        return text;
    }

    /** A record is its second, its program, its call and what was done. */
    @Table
    void text_ofALog_hasTheseLines(String log, String shown, String absent) throws IOException {
        String lines =
                Pattern.compile("(\\d) (/.*?|) (\\d+) (0x\\w+)", Pattern.DOTALL)
                        .matcher(log.replace("; ", "\n"))
                        .replaceAll(
                                it -> record(it.group(1), it.group(2), it.group(3), it.group(4)));
        String text = metrics(lines + "\n");
        for (String line : shown.split("; ")) {
            assertTrue(text.contains("\n" + line + "\n"), text);
        }
        assertFalse(!absent.isEmpty() && text.contains(absent), text);
    }

    /** They look the same, and so must be one series. */
    @Test
    void differentBytesThatAreNoUtf8_areOneSeries() throws IOException {
        String log = record("1", "/tmp/zz", "1", KILLED);
        String series =
                "{exe=\"/tmp/\ufffd\",arch=\"x86_64\",syscall=\"write\",action=\"killed\"} 2\n";
        String text = metrics(log.replace("7A7A", "FF") + log.replace("7A7A", "FE"));
        assertTrue(text.contains(series), text);
    }

    @Test
    void seriesBeyondTheLimit_areOnlyCounted() throws IOException {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < DenialMetrics.MAX_SERIES + 5; i++) {
            log.append(record("1", "/tmp/" + i, "1", KILLED));
        }
        log.append(record("1", "/tmp/0", "1", KILLED));
        String text = metrics(log.toString());
        assertTrue(text.contains("\nseccomp_denials_not_shown_total 5\n"), text);
        assertTrue(
                text.contains(
                        "{exe=\"/tmp/0\",arch=\"x86_64\",syscall=\"write\",action=\"killed\"} 2"));
        assertEquals(
                DenialMetrics.MAX_SERIES,
                text.lines().filter(line -> line.startsWith("seccomp_denials_total{")).count());
    }
}

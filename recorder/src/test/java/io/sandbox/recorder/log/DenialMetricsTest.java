// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class DenialMetricsTest {
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

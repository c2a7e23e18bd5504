// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class DenialMetricsTest {
    private static final String KILLED = "0x80000000";
    private static final String EXEC = "/usr/libexec/sandbox/sandbox-exec";

    /** A sample in Prometheus' text format: a line feed, quote or backslash is escaped. */
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-z_]+)(\\{(?:[a-z]+=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)+\\})? ([0-9.]+)");

    private static String record(int second, String exe, int syscall, String code) {
        String hex = HexFormat.of().withUpperCase().formatHex(exe.getBytes(UTF_8));
        return String.format(
                Locale.ROOT,
                "type=SECCOMP msg=audit(17000000%02d.500:7): auid=0 uid=0 gid=0 ses=1 pid=9"
                        + " comm=\"x\" exe=%s sig=31 arch=c000003e syscall=%d compat=0 ip=0x7f00"
                        + " code=%s\n",
                second,
                hex,
                syscall,
                code);
    }

    private static String metrics(String... lines) throws IOException {
        DenialMetrics metrics = new DenialMetrics();
        byte[] log = String.join("", lines).getBytes(UTF_8);
        new LogFollower(LogFilter.all(), metrics).follow(new ByteArrayInputStream(log)::read);
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

    private static void assertHas(String text, String line) {
        assertTrue(text.contains("\n" + line + "\n"), text);
    }

    @Test
    void text_countsEachCallOfEachProgram() throws IOException {
        String text =
                metrics(
                        record(1, "/bin/a", 59, KILLED),
                        record(3, "/bin/a", 59, KILLED),
                        record(2, "/bin/a", 59, "0x7ffc0000"),
                        record(2, "/bin/a", 9999, "0x7ff00000"));
        String prefix = "seccomp_denials_total{exe=\"/bin/a\",arch=\"x86_64\",";
        assertHas(text, prefix + "syscall=\"execve\",action=\"killed\"} 2");
        assertHas(text, prefix + "syscall=\"execve\",action=\"logged\"} 1");
        assertHas(text, prefix + "syscall=\"9999\",action=\"passed_on\"} 1");
        assertHas(text, "seccomp_last_record_timestamp_seconds 1700000003.500");
        assertTrue(!text.contains("canary_timestamp_seconds 1"), text);
    }

    @Test
    void canaries_haveOnlyATime() throws IOException {
        String text = metrics(record(5, EXEC, 0x2000_0001, "0x7ffc0000"));
        assertHas(text, "seccomp_last_canary_timestamp_seconds 1700000005.500");
        assertTrue(!text.contains("sandbox-exec"), text);
        assertTrue(!text.contains("record_timestamp_seconds 1"), text);
    }

    /** Any container can print one. */
    @Test
    void canaryInTheOutputOfAContainer_doesNotCount() throws IOException {
        String cri = "2025-11-26T01:02:03.123456789Z stdout F ";
        String text = metrics(cri + record(5, EXEC, 0x2000_0001, "0x7ffc0000"));
        assertTrue(!text.contains("canary_timestamp_seconds 1"), text);
    }

    @Test
    void losses_areCounted() throws IOException {
        String text =
                metrics(
                        "[ 9.0] kauditd_printk_skb: 12 callbacks suppressed\n",
                        record(1, "/bin/a", 59, KILLED).substring(0, 90) + "\n",
                        "[ 9.1] audit: backlog limit exceeded\n");
        assertHas(text, "seccomp_log_gaps_total 3");
        assertHas(text, "seccomp_log_lost_records_total 13");
    }

    @Test
    void hostileNames_staySingleSamples() throws IOException {
        String text =
                metrics(
                        record(1, "/tmp/\"} 1\nseccomp_denials_total{exe=\"x", 1, KILLED),
                        record(1, "/tmp/\\\"\\n\r\u0000\u2028", 1, KILLED),
                        record(1, "", 1, KILLED));
        assertTrue(text.contains("exe=\"/tmp/\\\"} 1\\nseccomp_denials_total{exe=\\\"x\""), text);
        // Different bytes that are no UTF-8 look the same, and so must be one series.
        String log = record(1, "/tmp/zz", 1, KILLED);
        String twice = metrics(log.replace("7A7A", "FF"), log.replace("7A7A", "FE"));
        assertHas(
                twice,
                "seccomp_denials_total{exe=\"/tmp/\ufffd\",arch=\"x86_64\",syscall=\"write\","
                        + "action=\"killed\"} 2");
    }

    @Test
    void seriesBeyondTheLimit_areOnlyCounted() throws IOException {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < DenialMetrics.MAX_SERIES + 5; i++) {
            log.append(record(1, "/tmp/" + i, 1, KILLED));
        }
        log.append(record(1, "/tmp/0", 1, KILLED));
        String text = metrics(log.toString());
        assertHas(text, "seccomp_denials_not_shown_total 5");
        assertTrue(
                text.contains(
                        "{exe=\"/tmp/0\",arch=\"x86_64\",syscall=\"write\",action=\"killed\"} 2"));
        assertEquals(
                DenialMetrics.MAX_SERIES,
                text.lines().filter(line -> line.startsWith("seccomp_denials_total{")).count());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of the kernel, as auditd captured them, give one list in all forms that logs have. */
final class EncodingsTest {
    private static final Path CAPTURED =
            Path.of(
                    "../audit-parser/src/test/resources/io/sandbox/audit/"
                            + "auditd-raw-debian13-6.18.log");

    /** A record of the kernel; its names as in the kernel's text, with quotes or in hex. */
    private record Kernel(String seconds, String millis, String serial, String body) {
        private static final Pattern FORM =
                Pattern.compile("type=SECCOMP msg=audit\\((\\d+)\\.(\\d+):(\\d+)\\): (.*)");

        static Kernel of(String line) {
            Matcher form = FORM.matcher(line);
            if (!form.matches()) {
                throw new IllegalArgumentException(line);
            }
            return new Kernel(form.group(1), form.group(2), form.group(3), form.group(4));
        }

        String stamp() {
            return seconds + "." + millis + ":" + serial;
        }

        String field(String name) {
            Matcher field = Pattern.compile("(?:^| )" + name + "=([^ ]*)").matcher(body);
            return field.find() ? field.group(1) : "";
        }

        String text(String name) {
            String raw = field(name);
            return raw.startsWith("\"")
                    ? raw.substring(1, raw.length() - 1)
                    : new String(HexFormat.of().parseHex(raw), UTF_8);
        }

        int number() {
            return Integer.parseInt(field("syscall"));
        }

        Arch arch() {
            int value = (int) Long.parseLong(field("arch"), 16);
            return SyscallDb.get().archByAuditValue(value).orElseThrow();
        }

        Optional<String> name() {
            return SyscallDb.get().table(arch()).byNumber(number()).map(Syscall::name);
        }

        String kernelLine() {
            return "audit: type=1326 audit(" + stamp() + "): " + body;
        }

        String auditd() {
            return "type=SECCOMP msg=audit(" + stamp() + "): " + body;
        }

        /** Names in place of numbers, as ausearch -i prints them. */
        String interpreted() {
            Instant time = Instant.ofEpochSecond(Long.parseLong(seconds));
            String clock = time.toString().substring(11, 19);
            String form =
                    "type=SECCOMP msg=audit(11/25/25 %s.%s:%s) : auid=unset uid=root gid=root"
                            + " ses=unset pid=%s comm=%s exe=%s sig=SIG0 arch=%s syscall=%s"
                            + " compat=0 ip=0x7f00 code=log ";
            return form.formatted(
                    clock,
                    millis,
                    serial,
                    field("pid"),
                    text("comm"),
                    text("exe"),
                    arch().name(),
                    name().orElse("unknown-syscall(" + number() + ")"));
        }

        String laurel() {
            String form =
                    """
                    {"ID":"%s","NODE":"web","SECCOMP":{"auid":0,"uid":0,"pid":%s,"comm":%s,"exe":%s,\
                    "sig":0,"arch":"0x%s","syscall":%d,"compat":0,"ip":"0x7f00",\
                    "code":"0x7ffc0000"}}\
                    """;
            return form.formatted(
                    stamp(),
                    field("pid"),
                    json(text("comm")),
                    json(text("exe")),
                    field("arch"),
                    number());
        }

        String auditbeat() {
            String form =
                    """
                    {"@timestamp":"%s","host":{"name":"web"},"process":{"pid":%s,"executable":%s,\
                    "name":%s},"auditd":{"message_type":"seccomp","sequence":%s,"data":{\
                    "code":"0x7ffc0000","syscall":%s,"compat":"0","ip":"0x7f00","arch":%s,\
                    "sig":"0"}}}\
                    """;
            return form.formatted(
                    Instant.ofEpochMilli(Long.parseLong(seconds + millis)),
                    field("pid"),
                    json(text("exe")),
                    json(text("comm")),
                    serial,
                    json(name().orElse(Integer.toString(number()))),
                    json(arch().name()));
        }

        /** osquery has a table of names for x86_64 only. */
        String osquery() {
            boolean wide = arch().name().equals("x86_64");
            String call = Integer.toString(number());
            String form =
                    """
                    {"name":"calls","hostIdentifier":"web","columns":{"arch":"%s","auid":"0",\
                    "code":"LOG","comm":%s,"exe":%s,"pid":"%s","syscall":%s,"time":"%s",\
                    "uptime":"9"},"action":"added"}\
                    """;
            return form.formatted(
                    wide ? "X86_64" : "I386",
                    json(text("comm")),
                    json(text("exe")),
                    field("pid"),
                    json(wide ? name().orElse(call + "(unknown)") : call),
                    seconds);
        }
    }

    private static String json(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String docker(String line) {
        return "{\"log\":"
                + json(line).replaceFirst("\"$", "\\\\n\"")
                + ",\"stream\":\"stdout\","
                + "\"time\":\"2025-11-25T00:00:00Z\"}";
    }

    private static String cri(String line) {
        return "2025-11-25T00:17:09.669794202Z stdout F " + line;
    }

    private record Encoding(String name, Function<Kernel, String> line) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Encoding> encodings() {
        List<Encoding> plain =
                List.of(
                        new Encoding("auditd", Kernel::auditd),
                        new Encoding("node", each -> "node=web " + each.auditd()),
                        new Encoding("syslog", each -> "Nov 25 00:00:00 web " + each.kernelLine()),
                        new Encoding("dmesg", each -> "[ 12.345678] " + each.kernelLine()),
                        new Encoding("ausearch -i", Kernel::interpreted),
                        new Encoding("laurel", Kernel::laurel),
                        new Encoding("Auditbeat", Kernel::auditbeat),
                        new Encoding("osquery", Kernel::osquery));
        List<Encoding> all = new ArrayList<>(plain);
        for (Encoding each : plain) {
            if (!each.name.equals("ausearch -i")) {
                all.add(new Encoding("docker " + each, k -> docker(each.line.apply(k))));
            }
            all.add(new Encoding("cri " + each, k -> cri(each.line.apply(k))));
        }
        return all.stream();
    }

    /** The captured ones, and a number without a name, another architecture, and a canary. */
    private static List<Kernel> records() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(CAPTURED)) {
            if (line.startsWith("type=SECCOMP ")) {
                lines.add(line.replaceFirst("\u001d.*", ""));
            }
        }
        String first = lines.get(0);
        lines.add(first.replace("syscall=39 ", "syscall=9999 "));
        lines.add(first.replace("syscall=39 ", "syscall=435 "));
        lines.add(first.replace("arch=c000003e syscall=39 ", "arch=40000003 syscall=20 "));
        lines.add(
                first.replace("/tmp/fx/gen", "/usr/bin/sandbox-exec")
                        .replace("syscall=39 ", "syscall=536870912 "));
        return lines.stream().map(Kernel::of).toList();
    }

    private static LogTally tally(Function<Kernel, String> encoding) throws IOException {
        StringBuilder log = new StringBuilder();
        for (Kernel each : records()) {
            log.append(encoding.apply(each)).append('\n');
        }
        return tally(log.toString().repeat(2));
    }

    private static LogTally tally(String log) throws IOException {
        byte[] bytes = log.getBytes(UTF_8);
        try (LogReader reader = new LogReader(LogFilter.all(), null, read -> {})) {
            reader.read(LogInput.of("log", new ByteArrayInputStream(bytes)));
            return reader.tally();
        }
    }

    /** The calls, who made them and how often; all but the times. */
    private static String list(LogTally tally) {
        LogEvidence evidence = LogEvidence.of(tally);
        return String.format(
                "%s %s %s %s %s%s",
                evidence.calls(),
                evidence.executables(),
                tally.records(),
                tally.testRecords(),
                evidence.unnamed(),
                tally.gaps());
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void sameRecords_giveTheSameListInAllEncodings(Encoding encoding) throws IOException {
        assertEquals(list(tally(Kernel::auditd)), list(tally(encoding.line)));
    }

    /** In one huge line, and as a tool shows it to people. */
    @ParameterizedTest
    @ValueSource(strings = {"[%s]", " [\n%s\n]\n"})
    void anArray_isAGap(String form) throws IOException {
        String object = records().get(0).laurel().replace(",", ",\n");
        LogTally tally = tally(form.formatted(object + "\n,\n" + object));
        assertEquals(1, tally.malformed());
        assertTrue(tally.gaps().get(0).contains("jq -c '.[]'"), tally.gaps()::toString);
        assertEquals(0, tally("[ 1.5] {}\n").malformed());
    }

    @Test
    void theList_hasAllOfThem() throws IOException {
        LogTally tally = tally(Kernel::auditd);
        assertEquals(2 * (records().size() - 1), tally.records());
        assertEquals(2, tally.testRecords());
        assertEquals(7, LogEvidence.of(tally).calls().size(), () -> list(tally));
    }
}

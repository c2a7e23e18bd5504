// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecordParser;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class EncodingsTest {
    private static final Path CAPTURED =
            Path.of(
                    "../audit-parser/src/test/resources/io/sandbox/audit/"
                            + "auditd-raw-debian13-6.18.log");

    private static final String CRI = "2025-11-25T00:17:09.669794202Z stdout F ";
    private static final String DOCKER =
            "{\"log\":%s,\"stream\":\"stdout\",\"time\":\"2025-11-25T00:00:00Z\"}";
    private static final String AUDITD = "type=SECCOMP msg=audit({stamp}): {body}";

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

        private String field(String name) {
            Matcher field = Pattern.compile("(?:^| )" + name + "=([^ ]*)").matcher(body);
            return field.find() ? field.group(1) : "";
        }

        private String text(String name) {
            String raw = field(name);
            return raw.startsWith("\"")
                    ? raw.substring(1, raw.length() - 1)
                    : new String(HexFormat.of().parseHex(raw), UTF_8);
        }

        /** What the forms of lines can have, by the words in braces. */
        private Map<String, String> values() {
            Instant time = Instant.ofEpochMilli(Long.parseLong(seconds + millis));
            int value = (int) Long.parseLong(field("arch"), 16);
            Arch arch = SyscallDb.get().archByAuditValue(value).orElseThrow();
            String number = field("syscall");
            Optional<String> name =
                    SyscallDb.get()
                            .table(arch)
                            .byNumber(Integer.parseInt(number))
                            .map(Syscall::name);
            boolean wide = arch.name().equals("x86_64");
            Map<String, String> values = new HashMap<>();
            values.put("seconds", seconds);
            values.put("millis", millis);
            values.put("serial", serial);
            values.put("body", body);
            values.put("stamp", seconds + "." + millis + ":" + serial);
            values.put("time", time.toString());
            values.put("clock", time.toString().substring(11, 19));
            values.put("pid", field("pid"));
            values.put("number", number);
            values.put("arch", arch.name());
            values.put("arch hex", field("arch"));
            values.put("arch of osquery", wide ? "X86_64" : "I386");
            values.put("call", name.orElse(number));
            values.put("call of ausearch", name.orElse("unknown-syscall(" + number + ")"));
            values.put("call of osquery", wide ? name.orElse(number + "(unknown)") : number);
            for (String text : List.of("comm", "exe")) {
                values.put(text, text(text));
                values.put(text + " json", json(text(text)));
            }
            return values;
        }

        String in(String form) {
            Map<String, String> values = values();
            return Pattern.compile("\\{([a-z ]+)\\}")
                    .matcher(form)
                    .replaceAll(word -> Matcher.quoteReplacement(values.get(word.group(1))));
        }
    }

    private static String json(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    /** The captured ones, and a number without a name, another architecture, and a canary. */
    private static List<Kernel> records() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(CAPTURED));
        lines.removeIf(line -> !line.startsWith("type=SECCOMP "));
        lines.replaceAll(line -> line.replaceFirst("\u001d.*", ""));
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
        String log = records().stream().map(encoding).collect(Collectors.joining("\n", "", "\n"));
        return tally(log.repeat(2));
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

    /** Also in what container engines make of the lines. */
    @Table
    void sameRecords_giveTheSameListInAllEncodings(String name, String line) throws IOException {
        String expected = list(tally(each -> each.in(AUDITD)));
        assertEquals(expected, list(tally(each -> each.in(line))));
        assertEquals(expected, list(tally(each -> CRI + each.in(line))));
        if (!name.equals("ausearch -i")) {
            assertEquals(
                    expected, list(tally(each -> DOCKER.formatted(json(each.in(line) + "\n")))));
        }
    }

    /** In one huge line, and as a tool shows it to people. */
    @Table
    void anArray_isAGap(String form) throws IOException {
        String object =
                records()
                        .get(0)
                        .in("{\"SECCOMP\":{\"pid\":{pid},\"exe\":{exe json}}}")
                        .replace(",", ",\n");
        LogTally tally = tally(form.formatted(object + "\n,\n" + object));
        assertEquals(1, tally.malformed());
        assertTrue(tally.gaps().get(0).contains("jq -c '.[]'"), tally.gaps()::toString);
        assertEquals(0, tally("[ 1.5] {}\n").malformed());
    }

    @Table
    void losses_ofARecord_sayWhatItLacks(String line, String losses) throws IOException {
        assertEquals(losses, String.join("; ", LogEvidence.of(tally(line)).losses()));
    }

    @Test
    void theList_hasAllOfThem() throws IOException {
        LogTally tally = tally(each -> each.in(AUDITD));
        assertEquals(2 * (records().size() - 1), tally.records());
        assertEquals(2, tally.testRecords());
        assertEquals(7, LogEvidence.of(tally).calls().size(), () -> list(tally));
    }

    @Table
    void files_areReadInOrder(String given, String ordered) {
        assertEquals(
                ordered,
                RotatedLogs.inOrder(Stream.of(given.split(" ")).map(Path::of).toList()).stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(" ")));
    }

    // Lines, most of them from bug reports, have as JSON the fields of the lines and no others.

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private Map<String, Object> json(byte[] line) throws IOException {
        assertEquals(ParseOutcome.RECORD, parser.parseLine(line, 0, line.length));
        RecordJson json = new RecordJson();
        json.append(parser.record());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        json.writeTo(out);
        String text = out.toString(UTF_8);
        assertTrue(text.endsWith("}\n") && text.indexOf('\n') == text.length() - 1, text);
        return JSON.std.mapFrom(text);
    }

    @Table
    void append_line_hasItsKeysAndValues(String line, String json) throws IOException {
        assertEquals(JSON.std.mapFrom(json), json((line + "\n").getBytes(UTF_8)));
    }
}

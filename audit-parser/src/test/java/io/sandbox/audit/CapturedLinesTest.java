// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Lines captured on Debian 13 with Linux 6.18: a C program under a filter that logs, read from the
 * netlink multicast group (message type, TAB, payload), from the kernel log, from auditd 4.0.2 (raw
 * and enriched) and its ausearch, and from journald 257, into which some lines were forged: through
 * /dev/kmsg, and through systemd-cat under the tag of audit. {@code -Dfixtures.rewrite=true} writes
 * what the parser says now beside the sources; review it as a diff.
 */
class CapturedLinesTest {

    private static final Path SOURCES = Path.of("src/test/resources/io/sandbox/audit");

    private final SeccompRecordParser parser = new SeccompRecordParser();

    @Table
    void parse_capturedLines_readAsReviewed(String file) throws Exception {
        List<String> actual = new ArrayList<>();
        for (String line : Corpus.lines(file)) {
            actual.add(describe(parser, file.startsWith("netlink") ? payload(line) : line(line)));
        }
        compareWithReviewed(file, actual);
    }

    @Test
    void next_capturedJournalExport_readAsReviewed() throws Exception {
        String file = "journalctl-export-debian13-6.18.bin";
        JournalExportReader reader =
                new JournalExportReader(new ByteArrayInputStream(Corpus.bytes(file))::read);
        List<String> actual = new ArrayList<>();
        while (reader.next()) {
            actual.add(describe(reader.parser(), RecordText.of(reader.parser(), reader.outcome())));
        }
        compareWithReviewed(file, actual);
    }

    /** laurel 0.7.1 read the lines of auditd. */
    @Test
    void parse_linesOfLaurel_areThoseOfAuditd() {
        assertEquals(
                recordsOf("auditd-raw-debian13-6.18.log.expected"),
                recordsOf("laurel-debian13-6.18.log.expected"));
    }

    private static List<String> recordsOf(String file) {
        return Corpus.lines(file).stream().filter(line -> line.startsWith("RECORD")).toList();
    }

    /** Two forms have the same entries. */
    @Test
    void parse_journalInJsonAndExport_givesTheSame() {
        List<String> ours =
                Corpus.lines("journalctl-json-debian13-6.18.log.expected").stream()
                        .filter(line -> !line.startsWith("NOT_OURS"))
                        .toList();
        assertEquals(Corpus.lines("journalctl-export-debian13-6.18.bin.expected"), ours);
        assertEquals(10, ours.size());
    }

    private static void compareWithReviewed(String file, List<String> actual) throws IOException {
        if (Boolean.getBoolean("fixtures.rewrite")) {
            Files.write(SOURCES.resolve(file + ".expected"), actual);
            return;
        }
        assertEquals(Corpus.lines(file + ".expected"), actual);
    }

    private RecordText payload(String line) {
        int tab = line.indexOf('\t');
        byte[] text = line.substring(tab + 1).getBytes(StandardCharsets.UTF_8);
        return RecordText.of(
                parser,
                parser.parsePayload(
                        Integer.parseInt(line.substring(0, tab)), text, 0, text.length));
    }

    private RecordText line(String line) {
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        return RecordText.ofLine(parser, text, text.length);
    }

    private static String describe(SeccompRecordParser parser, RecordText text) {
        return switch (text.outcome()) {
            case RECORD ->
                    String.format(
                            "RECORD comm=%s exe=%s %s",
                            parser.record().comm().orElseThrow(),
                            parser.record().exe().orElseThrow(),
                            text.fields());
            case MALFORMED -> "MALFORMED " + parser.malformedReason();
            default -> text.outcome() + " " + text.fields();
        };
    }
}

package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lines captured on Debian 13 with Linux 6.18: a C program under a filter that logs, read from the
 * netlink multicast group (message type, TAB, payload) and from the kernel log. {@code
 * -Dfixtures.rewrite=true} writes what the parser says now beside the sources; review it as a diff.
 */
class CapturedLinesTest {

    private static final Path SOURCES = Path.of("src/test/resources/io/sandbox/audit");

    private final SeccompRecordParser parser = new SeccompRecordParser();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "netlink-debian13-6.18.txt",
                "dmesg-debian13-6.18.log",
                "dmesg-options-debian13-6.18.log",
                "kmsg-debian13-6.18.log"
            })
    void parse_capturedLines_readAsReviewed(String file) throws Exception {
        List<String> actual = new ArrayList<>();
        for (String line : Corpus.lines(file)) {
            actual.add(describe(file.startsWith("netlink") ? payload(line) : line(line)));
        }
        if (Boolean.getBoolean("fixtures.rewrite")) {
            Files.write(SOURCES.resolve(file + ".expected"), actual);
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
        byte[] text = line.getBytes(StandardCharsets.UTF_8);
        return RecordText.ofLine(parser, text, text.length);
    }

    private String describe(RecordText text) {
        return switch (text.outcome()) {
            case RECORD ->
                    "RECORD comm="
                            + parser.record().comm().orElseThrow()
                            + " exe="
                            + parser.record().exe().orElseThrow()
                            + " "
                            + text.fields();
            case MALFORMED ->
                    "MALFORMED " + parser.malformedReason() + " at " + parser.malformedOffset();
            default -> text.outcome() + " " + text.fields();
        };
    }
}

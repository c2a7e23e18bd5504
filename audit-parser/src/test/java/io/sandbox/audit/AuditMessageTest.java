// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the text before a message lets it count. */
final class AuditMessageTest {

    private static final String MESSAGE =
            "SECCOMP auid=1 uid=1 gid=1 ses=1 pid=7 comm=\"brave\" exe=\"/c\" sig=0 arch=c000003e"
                    + " syscall=1 compat=0 ip=0x1 code=0x0";

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private ParseOutcome parse(String line) {
        byte[] bytes = line.getBytes(US_ASCII);
        return parser.parseLine(bytes, 0, bytes.length);
    }

    /** gnome-logs shows the name of the process, and people paste the message alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                ">",
                "`",
                "*",
                "> `",
                " * \t",
                "x[7]: ",
                "audit[5]: ",
                "brave: ",
                "10:39:55 brave: ",
                "Nov 24 15:00:00 host brave: ",
                "Nov 24 15:00:00 host audit: ",
                "Nov 24 15:00:00 host audit[1]: ",
                "Nov 24 15:00:00 host brave[7]: "
            })
    void tagOrMarkOfQuoting_isARecordWithoutTimeAndSerial(String before) {
        assertEquals(ParseOutcome.RECORD, parse(before + MESSAGE + "`"));
        SeccompRecord record = parser.record();
        assertEquals(1, record.syscall());
        assertEquals(0, record.code());
        assertFalse(record.hasTime() || record.hasSerial());
    }

    /** What others may have written is counted, but is no record. */
    @ParameterizedTest
    @CsvSource({
        "': ', MALFORMED",
        "'a ', MALFORMED",
        "'a > ', MALFORMED",
        "'1]: ', MALFORMED",
        "'[7]: ', MALFORMED",
        "']: ', MALFORMED",
        "'audit[]: ', MALFORMED",
        "'audit]: ', MALFORMED",
        "'x[0]: ', NOT_OURS",
        "'x[8]: ', NOT_OURS",
        "'x: ', MALFORMED",
        "'10:39:55 evil: brave: ', MALFORMED",
        "'10:39:55 evilbrave: ', MALFORMED",
        "'10:39:55 brave ', MALFORMED",
        "'Nov 24 15:00:00 host evil: audit: ', MALFORMED",
        "'10:39:55 evil[8]: brave: ', NOT_OURS",
        "'10:39:55 evil[7]: said ', NOT_OURS",
        "'MESSAGE=', MALFORMED",
        "'\"message\":\"audit[7]: ', MALFORMED",
    })
    void otherText_isNoRecord(String before, ParseOutcome expected) {
        assertEquals(expected, parse(before + MESSAGE), before);
    }

    @Test
    void nameWithABlank_isNoHost() {
        String message = MESSAGE.replace("\"brave\"", "6D7920617070");
        assertEquals(ParseOutcome.RECORD, parse("Nov 24 15:00:00 my app: " + message));
        assertEquals(Optional.empty(), parser.record().host());
        assertEquals(ParseOutcome.RECORD, parse("Nov 24 15:00:00 host my app: " + message));
        assertEquals(Optional.of("host"), parser.record().host());
    }

    @Test
    void pidOfTheIdleTask_isAPid() {
        assertEquals(ParseOutcome.RECORD, parse("x[0]: " + MESSAGE.replace("pid=7", "pid=0")));
    }

    @Test
    void recordWithoutCommand_hasNoTag() {
        assertEquals(
                ParseOutcome.MALFORMED, parse("a : " + MESSAGE.replace(" comm=\"brave\"", "")));
        assertEquals(MalformedReason.NO_WRITER, parser.malformedReason());
        assertEquals("a : ".length(), parser.malformedOffset());
    }
}

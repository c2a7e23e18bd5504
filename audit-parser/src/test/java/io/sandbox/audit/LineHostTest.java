// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The host that a line names, in each carrier that can name one. */
class LineHostTest {
    private static final String BODY =
            " audit(1.002:3): pid=1 comm=\"c\" exe=\"/bin/a\" sig=0 arch=c000003e syscall=1"
                    + " compat=0 ip=0x1 code=0x0\n";

    private final SeccompRecordParser parser = new SeccompRecordParser();

    private String host(String line) {
        // Behind another line, which has a host too.
        String before = "Nov 26 01:02:03 other \n";
        byte[] bytes = (before + line).getBytes(StandardCharsets.UTF_8);
        int start = before.length();
        assertEquals(
                ParseOutcome.RECORD, parser.parseLine(bytes, start, bytes.length - start), line);
        return parser.record().host().orElse("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node=web-1 type=1326 | web-1",
                "node=a.example.org type=SECCOMP | a.example.org",
                "type=1326 | none",
                "Nov 26 01:02:03 web-1 kernel: audit: type=1326 | web-1",
                "Nov  6 01:02:03 web-1 kernel: [  12.3] audit: type=1326 | web-1",
                "<5>Nov 26 01:02:03 web-1 kernel: audit: type=1326 | web-1",
                "<13>1 2025-11-26T01:02:03Z web-1 kernel - - - audit: type=1326 | web-1",
                "2025-11-26T01:02:03.123456+00:00 web-1 kernel: audit: type=1326 | web-1",
                "2025-11-26T01:02:03+0000 web-1 audisp: node=web-2 type=1326 | web-1",
                "Nov 26 01:02:03 kernel: audit: type=1326 | none",
                "Nov 26 01:02:03 [ 12.3] audit: type=1326 | none",
                "[  12.3] audit: type=1326 | none",
                "2016-10-06T00:17:09.669794202Z stdout F node=web-1 type=1326 | none",
                "<191>1 2025-11-26T01:02:03.123456789+00:00 web-1 kernel - - - audit: type=1326"
                        + " | web-1",
                "2025-11-26 01:02:03 web-1 kernel: audit: type=1326 | none",
                "Nov 26 01:02:0x web-1 kernel: audit: type=1326 | none",
                "Nov 26 01:02:03  web-1 kernel: audit: type=1326 | none",
                "Nov 26 01:02:03 web-1;type=1326 | none",
                "2025-11-26T01:02:03.12345678901+00:00 web-1 kernel: audit: type=1326 | none",
            })
    void host_isThatOfTheLine(String head, String host) {
        assertEquals(host, host(head + BODY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ID\":\"1.002:3\",\"NODE\":\"web-1\",\"SECCOMP\":{\"syscall\":1}} | web-1",
                "{\"ID\":\"1.002:3\",\"SECCOMP\":{\"syscall\":1}} | none",
                "{\"host\":{\"name\":\"web-1\"},\"auditd\":{\"message_type\":\"seccomp\","
                        + "\"data\":{\"syscall\":\"stat\",\"arch\":\"x86_64\"}}} | web-1",
            })
    void host_isThatOfTheShipper(String line, String host) {
        assertEquals(host, host(line + "\n"));
    }

    @ParameterizedTest
    @CsvSource({"'\"_HOSTNAME\":\"web-1\",', web-1", "'', none"})
    void host_isTheJournalsOwn(String member, String host) {
        String line =
                "{"
                        + member
                        + "\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\":\"0\","
                        + "\"MESSAGE\":\"node=web-2 type=1326"
                        + BODY.strip().replace("\"", "\\\"").replace("audit(", " audit(")
                        + "\"}\n";
        assertEquals(host, host(line));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.isDigit;
import static io.sandbox.audit.AsciiBytes.matches;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;

/**
 * Finds what precedes a record in its line: the name of the host, which is {@code node=NAME} of
 * auditd, or the word after the time of syslog; and this time. It has the form of RFC 3164 ({@code
 * Nov 26 01:02:03 NAME}) or of RFC 3339 ({@code 2025-11-26T01:02:03+00:00 NAME}).
 */
final class LineHead {
    private static final byte[] NODE = ascii("node=");
    private static final byte[] VERSION = ascii("1 ");
    private static final int SYSLOG_TIME = "Nov 26 01:02:03 ".length();
    private static final int DAY = "2025-11-26T".length();
    private static final int LONGEST_TIME = "2025-11-26T01:02:03.123456789+00:00 ".length();
    private static final int LONGEST_PRIORITY = "<191>1 ".length();

    /**
     * Sets the host of a record, if the line has one.
     *
     * @param off where the line begins
     * @param head where the head of the record begins
     */
    static void findHost(byte[] buf, int off, int head, SeccompRecord record) {
        int from =
                matches(buf, off, head, NODE)
                        ? off + NODE.length
                        : behindTime(buf, behindPriority(buf, off, head), head);
        if (from < 0) {
            return;
        }
        int to = AsciiBytes.indexOf(buf, from, head, (byte) ' ');
        // "kernel:" is a tag of syslog, and no host.
        if (to < head && to > from && buf[to - 1] != ':' && buf[from] != '[') {
            record.setHost(buf, from, to);
        }
    }

    /**
     * The time in milliseconds since the epoch. Only that of RFC 3339 has its year and its zone.
     * dmesg's time, which may be wrong after the machine has slept, has a comma and is not taken.
     */
    static OptionalLong millis(byte[] buf, int off, int head) {
        int from = behindPriority(buf, off, head);
        int to = AsciiBytes.indexOf(buf, from, Math.min(head, from + LONGEST_TIME), (byte) ' ');
        String time = new String(buf, from, to - from, StandardCharsets.ISO_8859_1);
        try {
            return OptionalLong.of(OffsetDateTime.parse(time).toInstant().toEpochMilli());
        } catch (DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }

    /** A syslog message may begin with {@code <5>}, and with a version in RFC 5424. */
    static int behindPriority(byte[] buf, int off, int end) {
        if (off == end || buf[off] != '<') {
            return off;
        }
        int close = AsciiBytes.indexOf(buf, off, Math.min(end, off + LONGEST_PRIORITY), (byte) '>');
        int next = Math.min(end, close + 1);
        return matches(buf, next, end, VERSION) ? next + VERSION.length : next;
    }

    private static int behindTime(byte[] buf, int from, int end) {
        if (end - from > SYSLOG_TIME
                && buf[from + 3] == ' '
                && buf[from + 9] == ':'
                && buf[from + 12] == ':'
                && buf[from + 15] == ' '
                && isDigit(buf[from + 14])) {
            return from + SYSLOG_TIME;
        }
        if (end - from > DAY
                && isDigit(buf[from])
                && buf[from + 4] == '-'
                && buf[from + DAY - 1] == 'T') {
            int limit = Math.min(end, from + LONGEST_TIME);
            int space = AsciiBytes.indexOf(buf, from, limit, (byte) ' ');
            return space < limit ? space + 1 : -1;
        }
        return -1;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.isDigit;
import static io.sandbox.audit.AsciiBytes.isWord;

/**
 * Finds the message of journald's audit transport in a line of text: {@code SECCOMP auid=...}, for
 * which the line has neither serial nor, in most forms, a time. It stands alone, as {@code
 * journalctl -o cat} prints it and people paste it, or after a tag: {@code audit[811024]:}, or the
 * name of the process, with its pid ({@code journalctl}) or without ({@code 10:39:55 brave:} of
 * gnome-logs).
 *
 * <p>A name of a process in the tag must be that of the record: its pid, or else its command. The
 * tag must be the first of the line: after another one it is text that a process wrote. Not
 * thread-safe; allocates nothing.
 */
final class AuditMessage {

    /** What a line has. */
    enum Find {
        NOTHING,
        MESSAGE,
        QUOTED
    }

    private static final SubstringSearch START = new SubstringSearch("SECCOMP auid=");
    private static final SubstringSearch TAG_END = new SubstringSearch("]: ");
    private static final SubstringSearch COLON = new SubstringSearch(": ");
    private static final int BODY = "SECCOMP ".length();
    private static final int NONE = -1;

    private byte[] buf;
    private int off;
    private int start;

    /** Whether the message is alone, or its tag one of the kernel or auditd. */
    private boolean trusted;

    /** The pid in the tag; -1 if it has none. */
    private long pid;

    /** Where the name in the tag ends, or {@link #NONE}. */
    private int nameEnd;

    Find find(byte[] line, int from, int end) {
        buf = line;
        off = from;
        start = START.find(line, from, end);
        if (start == end || start > from && isWord(line[start - 1])) {
            return Find.NOTHING;
        }
        pid = -1;
        nameEnd = start - 2;
        boolean tagged = nameEnd >= off && buf[nameEnd] == ':' && buf[nameEnd + 1] == ' ';
        nameEnd = tagged ? nameEnd : NONE;
        boolean bracketed = tagged && nameEnd > off && buf[nameEnd - 1] == ']';
        int tagEnd = bracketed ? nameEnd - 1 : start;
        if (TAG_END.find(buf, off, tagEnd) < tagEnd || bracketed && !bracket()) {
            return Find.NOTHING;
        }
        trusted =
                bracketed
                        ? Speaker.isTrustedTag(buf, off, nameEnd)
                        : tagged ? isTrusted() : isAlone();
        if (Speaker.isInQuotes(buf, off, start)) {
            return trusted || !bracketed ? Find.QUOTED : Find.NOTHING;
        }
        return Find.MESSAGE;
    }

    /** Reads {@code [pid]} backwards. */
    private boolean bracket() {
        int close = nameEnd - 1;
        int open = close;
        long unit = 1;
        pid = 0;
        while (open > off && close - open < 10 && isDigit(buf[open - 1])) {
            open--;
            pid += unit * (buf[open] - '0');
            unit *= 10;
        }
        nameEnd = open - 1;
        return open < close && nameEnd > off && buf[nameEnd] == '[' && Speaker.isTag(buf[open - 2]);
    }

    private boolean isTrusted() {
        return Speaker.isTrustedTag(buf, off, nameEnd)
                && isFirstTag(Speaker.tagStart(buf, off, nameEnd));
    }

    private boolean isFirstTag(int tag) {
        return COLON.find(buf, off, tag) == tag;
    }

    /** Whether only marks of quoting precede the message, as in Markdown. */
    private boolean isAlone() {
        int i = start;
        while (i > off
                && (buf[i - 1] == ' '
                        || buf[i - 1] == '\t'
                        || buf[i - 1] == '>'
                        || buf[i - 1] == '`'
                        || buf[i - 1] == '*')) {
            i--;
        }
        return i == off;
    }

    /** Where the fields begin. */
    int bodyStart() {
        return start + BODY;
    }

    /** Where the message begins. */
    int start() {
        return start;
    }

    /** Whether the tag names a process that is not the record's, so that this process wrote it. */
    boolean isForeign(SeccompRecord record) {
        return !trusted && pid >= 0 && !(record.has(RecordField.PID) && record.pid() == pid);
    }

    /** Whether the tag, if there is one, does not contradict the record. */
    boolean hasWriter(SeccompRecord record) {
        if (trusted || pid >= 0) {
            return true;
        }
        int tag = commandStart(record);
        return tag != NONE && isFirstTag(tag);
    }

    /** Where the tag begins; the message if it has none. Nothing from there on can be a host. */
    int tagStart(SeccompRecord record) {
        int tag = commandStart(record);
        return tag != NONE ? tag : start;
    }

    /** Where the record's command begins if the tag is its name, or {@link #NONE}. */
    private int commandStart(SeccompRecord record) {
        int length = record.textLength(RecordField.COMM);
        int tag = nameEnd - length;
        boolean there =
                length > 0
                        && tag >= off
                        && (tag == off || buf[tag - 1] == ' ')
                        && record.isTextAt(RecordField.COMM, buf, tag);
        return there ? tag : NONE;
    }
}

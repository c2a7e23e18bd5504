// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.isDigit;
import static io.sandbox.audit.AsciiBytes.isWord;
import static io.sandbox.audit.AsciiBytes.matches;

/**
 * Recognises the kernel's own reports of lost audit records: {@code audit_log_lost}, {@code
 * audit_panic} and {@code audit_log_start} in kernel/audit.c and the limiter's {@code N callbacks
 * suppressed} (lib/ratelimit.c) under the name of an audit function. Not a loss are {@code
 * net_ratelimit: 15 callbacks suppressed}, and {@code audit_backlog_limit=8192} in a configuration
 * record. Not thread-safe; allocates nothing.
 */
final class LossLine {

    private static final byte[] SUPPRESSED = ascii(" callbacks suppressed");
    private static final byte[] LOST = ascii("audit_lost=");
    private static final byte[] BACKLOG = ascii("audit_backlog=");
    private static final byte[] BACKLOG_LIMIT = ascii(" > audit_backlog_limit=");
    private static final byte[] PRINTK = ascii("audit_printk_skb");
    private static final byte[] KAUDITD_PRINTK = ascii("kauditd_printk_skb");
    private static final byte[] PREFIX = ascii("audit: ");
    private static final byte[][] MESSAGES = {
        ascii("backlog limit exceeded"),
        ascii("rate limit exceeded"),
        ascii("out of memory in audit_"),
        ascii("kauditd hold queue overflow"),
        ascii("kauditd retry queue overflow"),
    };

    /** The kernel's counters are 32 bits. */
    private static final long MAX_COUNT = 0xffff_ffffL;

    private static final int NAME_LIMIT = 64;

    private LossKind kind = LossKind.UNCOUNTED;
    private long count;
    private int start;

    /** Where the last digits that were read end. */
    private int digitsEnd;

    LossKind kind() {
        return kind;
    }

    /** The count; 0 for {@link LossKind#UNCOUNTED}. */
    long count() {
        return count;
    }

    /** Where the message begins. */
    int start() {
        return start;
    }

    /**
     * Whether the word {@code audit} at {@code hit} belongs to a loss message. A number that the
     * end of the line cuts counts as unknown.
     */
    boolean parse(byte[] buf, int off, int hit, int end) {
        int limit = Math.max(off, hit - NAME_LIMIT);
        int name = hit;
        while (name > limit && isWord(buf[name - 1])) {
            name--;
        }
        if (name > off && !startsMessage(buf[name - 1])) {
            return false;
        }
        start = name;
        return name == hit
                        && (message(buf, hit, end) || lost(buf, hit, end) || backlog(buf, hit, end))
                || suppressed(buf, name, hit, end);
    }

    /**
     * Whether a message of the kernel can follow this byte: a blank, a prompt, kmsg's semicolon and
     * the like. Inside a name, a path or quotes it is no message.
     */
    private static boolean startsMessage(byte before) {
        return before == ' '
                || before == '\t'
                || before == ';'
                || before == '>'
                || before == '#'
                || before == ']'
                || before == ':';
    }

    private boolean message(byte[] buf, int hit, int end) {
        if (!matches(buf, hit, end, PREFIX)) {
            return false;
        }
        for (byte[] text : MESSAGES) {
            if (matches(buf, hit + PREFIX.length, end, text)) {
                return found(LossKind.UNCOUNTED, 0);
            }
        }
        return false;
    }

    private boolean lost(byte[] buf, int hit, int end) {
        if (!matches(buf, hit, end, LOST)) {
            return false;
        }
        long value = digits(buf, hit + LOST.length, end);
        if (value < 0) {
            return false;
        }
        return digitsEnd < end && buf[digitsEnd] == ' '
                ? found(LossKind.LOST_TOTAL, value)
                : found(LossKind.UNCOUNTED, 0);
    }

    private boolean backlog(byte[] buf, int hit, int end) {
        return matches(buf, hit, end, BACKLOG)
                && digits(buf, hit + BACKLOG.length, end) >= 0
                && matches(buf, digitsEnd, end, BACKLOG_LIMIT)
                && found(LossKind.UNCOUNTED, 0);
    }

    private boolean suppressed(byte[] buf, int name, int hit, int end) {
        int nameEnd = hit;
        int limit = Math.min(end, hit + NAME_LIMIT);
        while (nameEnd < limit && isWord(buf[nameEnd])) {
            nameEnd++;
        }
        if (nameEnd + 1 >= end || buf[nameEnd] != ':' || buf[nameEnd + 1] != ' ') {
            return false;
        }
        long value = digits(buf, nameEnd + 2, end);
        if (value < 0 || !matches(buf, digitsEnd, end, SUPPRESSED)) {
            return false;
        }
        boolean records =
                isName(buf, name, nameEnd, PRINTK) || isName(buf, name, nameEnd, KAUDITD_PRINTK);
        return found(records ? LossKind.PRINTK_SUPPRESSED : LossKind.WARNINGS_SUPPRESSED, value);
    }

    private static boolean isName(byte[] buf, int from, int to, byte[] name) {
        return to - from == name.length && matches(buf, from, to, name);
    }

    /** The decimal number at {@code pos}; -1 if there is none or it needs more than 32 bits. */
    private long digits(byte[] buf, int pos, int end) {
        long value = 0;
        int i = pos;
        while (i < end && isDigit(buf[i]) && value <= MAX_COUNT) {
            value = value * 10 + (buf[i] - '0');
            i++;
        }
        digitsEnd = i;
        return i == pos || value > MAX_COUNT ? -1 : value;
    }

    private boolean found(LossKind what, long howMany) {
        kind = what;
        count = howMany;
        return true;
    }
}

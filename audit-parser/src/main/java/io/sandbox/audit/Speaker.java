// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.isDigit;
import static io.sandbox.audit.AsciiBytes.isWord;
import static io.sandbox.audit.AsciiBytes.matches;

/**
 * Reads in a line of text who wrote what follows: a syslog tag {@code name[pid]:} of another
 * program than the kernel or auditd's own shows that a process did. A text log cannot show that a
 * process called itself {@code kernel}; the kmsg and journal sources can.
 */
final class Speaker {

    /** The longest word that is read backwards, so that even a hostile line costs linear time. */
    static final int WORD_LIMIT = 64;

    /** The most stamps and tags that can precede a text of the kernel. */
    private static final int MAX_GROUPS = 6;

    private static final int MAX_PID = 10;
    private static final SubstringSearch TAG_END = new SubstringSearch("]: ");
    private static final byte[] VERSION = ascii(">1 ");
    private static final byte[] AUDIT_COLON = ascii("audit:");
    private static final byte[] KERNEL = ascii("kernel");
    private static final byte[] AUDIT = ascii("audi");

    /**
     * Whether a process wrote what begins at {@code pos}. Stamps in brackets, {@code audit:} and
     * {@code kernel:} may precede a text of the kernel. Whatever follows the tag of a process is
     * its text, and may be that of others: sshd logs the names of users that do not exist.
     */
    static boolean isForeign(byte[] buf, int off, int pos) {
        return isTagForeign(buf, off, pos)
                || isMessageForeign(buf, off, pos)
                || isBracketForeign(buf, off, pos);
    }

    /** Looks at the first tag {@code name[pid]: } of the line. */
    private static boolean isTagForeign(byte[] buf, int off, int pos) {
        for (int close = TAG_END.find(buf, off, pos);
                close < pos;
                close = TAG_END.find(buf, close + 1, pos)) {
            int open = close;
            int limit = Math.max(off, close - MAX_PID);
            while (open > limit && isDigit(buf[open - 1])) {
                open--;
            }
            open--;
            if (open < close - 1 && open > off && buf[open] == '[' && isTag(buf[open - 1])) {
                return !isTrustedTag(buf, off, open);
            }
        }
        return false;
    }

    /** In RFC 5424, name and pid are words: {@code <38>1 TIME HOST NAME PID ...}. */
    private static boolean isMessageForeign(byte[] buf, int off, int pos) {
        int time = LineHead.behindPriority(buf, off, pos);
        int version = time - VERSION.length;
        if (version <= off || !matches(buf, version, time, VERSION)) {
            return false;
        }
        int host = AsciiBytes.indexOf(buf, time, pos, (byte) ' ') + 1;
        int name = AsciiBytes.indexOf(buf, Math.min(host, pos), pos, (byte) ' ') + 1;
        int nameEnd = AsciiBytes.indexOf(buf, Math.min(name, pos), pos, (byte) ' ');
        int pidEnd = nameEnd + 1;
        while (pidEnd < pos && isDigit(buf[pidEnd])) {
            pidEnd++;
        }
        return pidEnd < pos
                && pidEnd > nameEnd + 1
                && buf[pidEnd] == ' '
                && !isTrustedName(buf, name, nameEnd);
    }

    private static boolean isBracketForeign(byte[] buf, int off, int pos) {
        int i = pos;
        for (int groups = 0; groups < MAX_GROUPS; groups++) {
            while (i > off && buf[i - 1] == ' ') {
                i--;
            }
            if (i - 6 >= off && matches(buf, i - 6, i, AUDIT_COLON)) {
                i -= 6;
                continue;
            }
            int close = i - 1;
            if (close > off && buf[close] == ':') {
                close--;
            }
            if (close < off || buf[close] != ']') {
                return false;
            }
            int open = close;
            int limit = Math.max(off, close - WORD_LIMIT);
            while (open > limit && buf[open] != '[') {
                open--;
            }
            if (buf[open] != '[') {
                return false;
            }
            if (open > off && isTag(buf[open - 1])) {
                return !isTrustedTag(buf, off, open);
            }
            i = open;
        }
        // Nobody but a process that forges writes so many.
        return true;
    }

    /** Whether this byte can be in the name of a syslog tag. */
    static boolean isTag(byte b) {
        return isWord(b) || b == '-' || b == '.' || b == ')' || b == '/';
    }

    /** Where the tag that ends at {@code tagEnd} begins. */
    static int tagStart(byte[] buf, int off, int tagEnd) {
        int tag = tagEnd;
        int limit = Math.max(off, tagEnd - WORD_LIMIT);
        while (tag > limit && isTag(buf[tag - 1])) {
            tag--;
        }
        return tag;
    }

    /** Whether the tag that ends at {@code tagEnd} is of the kernel or of auditd's programs. */
    static boolean isTrustedTag(byte[] buf, int off, int tagEnd) {
        return isTrustedName(buf, tagStart(buf, off, tagEnd), tagEnd);
    }

    private static boolean isTrustedName(byte[] buf, int from, int to) {
        return matches(buf, from, to, AUDIT)
                || to - from == KERNEL.length && matches(buf, from, to, KERNEL);
    }

    static boolean isInQuotes(byte[] buf, int off, int pos) {
        boolean quoted = false;
        for (int i = off; i < pos; i++) {
            quoted ^= buf[i] == '"';
        }
        return quoted;
    }
}

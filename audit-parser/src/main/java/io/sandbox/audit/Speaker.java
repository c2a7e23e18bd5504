// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
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

    /** So many stamps and tags can precede a text of the kernel. */
    private static final int MAX_GROUPS = 6;

    private static final byte[] AUDIT_COLON = ascii("audit:");
    private static final byte[] KERNEL = ascii("kernel");
    private static final byte[] AUDIT = ascii("audi");

    private Speaker() {}

    /**
     * Whether a process wrote what begins at {@code pos}. Stamps in brackets, {@code audit:} and
     * {@code kernel:} may precede a text of the kernel.
     */
    static boolean isForeign(byte[] buf, int off, int pos) {
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
        int tag = tagStart(buf, off, tagEnd);
        return matches(buf, tag, tagEnd, AUDIT)
                || tagEnd - tag == KERNEL.length && matches(buf, tag, tagEnd, KERNEL);
    }

    static boolean isInQuotes(byte[] buf, int off, int pos) {
        boolean quoted = false;
        for (int i = off; i < pos; i++) {
            quoted ^= buf[i] == '"';
        }
        return quoted;
    }
}

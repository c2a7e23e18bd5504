// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.isCutOf;
import static io.sandbox.audit.AsciiBytes.isDigit;
import static io.sandbox.audit.AsciiBytes.isWord;
import static io.sandbox.audit.AsciiBytes.matches;

/**
 * Finds where a record begins in a line of any log, or that the line reports a loss.
 *
 * <p>Raw lines of auditd begin with {@code type=} (or {@code node=... type=}), so their first bytes
 * decide. In all other lines we search for the word {@code audit}. Records and loss lines hold it,
 * but for some of an {@link AuditMessage}, and the rest of a record that has lost its head: that is
 * found by its last fields. The first record head in a line decides, whatever its type: the text
 * after it belongs to that record, perhaps a user's. Not thread-safe; allocates nothing.
 */
final class HeadScanner {

    enum Head {
        NONE,
        /** A seccomp record with {@code audit(}; {@link #bodyStart} is after the parenthesis. */
        STAMP,
        /**
         * A record of type 1701 with {@code audit(}. seccomp used this type before Linux 3.8, and
         * others use it too.
         */
        LEGACY_STAMP,
        /** An {@link AuditMessage}; {@link #bodyStart} is at {@code auid=}. */
        MESSAGE,
        /** The stamp was replaced by dots, at which {@link #bodyStart} is. */
        ELIDED,
        /** A seccomp record whose head is cut by the end of the line. */
        CUT,
        /** The end of a seccomp record, whose head is missing. */
        HEADLESS,
        /** A seccomp record inside quotes. */
        QUOTED,
        LOSS
    }

    private static final byte[] TYPE = ascii("type=");
    private static final byte[] NODE = ascii("node=");
    private static final byte[] MSG_AUDIT = ascii(" msg=audit(");
    private static final byte[] AUDIT_PARENTHESIS = ascii(" audit(");
    private static final byte[] COLON_TYPE = ascii(": type=");
    private static final byte[] MSG = ascii("msg=");
    private static final byte[] DOTS = ascii(" ...");
    private static final byte[] ELLIPSIS = {' ', (byte) 0xe2, (byte) 0x80, (byte) 0xa6};
    private static final byte[][] SECCOMP_TYPES = {
        ascii("SECCOMP"), ascii("1326"), ascii("UNKNOWN[1326]")
    };
    private static final byte[][] LEGACY_TYPES = {ascii("1701"), ascii("ANOM_ABEND")};

    private static final SubstringSearch AUDIT_WORD = new SubstringSearch("audit");

    /** No other record of the kernel has this field, and code= right after it. */
    private static final SubstringSearch INSTRUCTION_POINTER = new SubstringSearch("ip=0x");

    private static final byte[] CODE = ascii(" code=");

    private final LossLine loss;
    private final AuditMessage message;
    private boolean decided;
    private int bodyStart;
    private int headStart;

    HeadScanner(LossLine loss, AuditMessage message) {
        this.loss = loss;
        this.message = message;
    }

    int bodyStart() {
        return bodyStart;
    }

    /** Where the record begins: {@code type=} or {@code SECCOMP}. */
    int headStart() {
        return headStart;
    }

    Head scan(byte[] buf, int off, int end) {
        int start = off;
        if (matches(buf, off, end, NODE)) {
            start = AsciiBytes.indexOf(buf, off, end, (byte) ' ') + 1;
        }
        Head head = headAt(buf, start, end);
        return decided ? head : search(buf, off, end);
    }

    private Head search(byte[] buf, int off, int end) {
        for (int hit = AUDIT_WORD.find(buf, off, end);
                hit < end;
                hit = AUDIT_WORD.find(buf, hit + 5, end)) {
            int type = typeBefore(buf, off, hit, end);
            if (type >= 0) {
                Head head = headAt(buf, type, end);
                if (decided) {
                    return checkSpeaker(buf, off, head);
                }
            } else if (matches(buf, hit + 5, end, COLON_TYPE)) {
                Head head = headAt(buf, hit + 7, end);
                // A complete head is found again, at its stamp.
                if (head == Head.CUT || head == Head.ELIDED) {
                    return checkSpeaker(buf, off, head);
                }
            }
            if (loss.parse(buf, off, hit, end)) {
                headStart = loss.start();
                return checkSpeaker(buf, off, Head.LOSS) == Head.LOSS ? Head.LOSS : Head.NONE;
            }
        }
        return message(buf, off, end);
    }

    private Head message(byte[] buf, int off, int end) {
        AuditMessage.Find found = message.find(buf, off, end);
        headStart = message.start();
        bodyStart = message.bodyStart();
        return switch (found) {
            case MESSAGE -> Head.MESSAGE;
            case QUOTED -> Head.QUOTED;
            case NOTHING -> headless(buf, off, end);
        };
    }

    /** Whether the line has the end of a record that lacks its head. */
    private Head headless(byte[] buf, int off, int end) {
        for (int hit = INSTRUCTION_POINTER.find(buf, off, end);
                hit < end;
                hit = INSTRUCTION_POINTER.find(buf, hit + 1, end)) {
            int digits = hit + 5;
            int after = digits;
            while (after < end && isHexDigit(buf[after])) {
                after++;
            }
            boolean field = hit == off || buf[hit - 1] == ' ' || buf[hit - 1] == '\t';
            if (field && after > digits && matches(buf, after, end, CODE)) {
                headStart = hit;
                return checkSpeaker(buf, off, Head.HEADLESS);
            }
        }
        return Head.NONE;
    }

    private static boolean isHexDigit(byte b) {
        return isDigit(b) || b >= 'a' && b <= 'f';
    }

    /** The head with {@code type=} at {@code pos}. Sets {@link #decided} if there is any. */
    private Head headAt(byte[] buf, int pos, int end) {
        decided = false;
        if (!matches(buf, pos, end, TYPE)) {
            return Head.NONE;
        }
        headStart = pos;
        int word = pos + TYPE.length;
        int wordEnd = word;
        int limit = Math.min(end, word + Speaker.WORD_LIMIT);
        while (wordEnd < limit && buf[wordEnd] != ' ') {
            wordEnd++;
        }
        boolean seccomp = isOneOf(buf, word, wordEnd, SECCOMP_TYPES);
        bodyStart =
                matches(buf, wordEnd, end, MSG_AUDIT)
                        ? wordEnd + MSG_AUDIT.length
                        : matches(buf, wordEnd, end, AUDIT_PARENTHESIS)
                                ? wordEnd + AUDIT_PARENTHESIS.length
                                : -1;
        decided = true;
        if (bodyStart >= 0) {
            // Without a digit, as in `audit(..)`, it is somebody's text about a record.
            boolean digit = bodyStart == end || isDigit(buf[bodyStart]);
            if (digit && seccomp) {
                return Head.STAMP;
            }
            boolean legacy = digit && isOneOf(buf, word, wordEnd, LEGACY_TYPES);
            return legacy ? Head.LEGACY_STAMP : Head.NONE;
        }
        if (seccomp
                && (isCutOf(buf, wordEnd, end, MSG_AUDIT)
                        || isCutOf(buf, wordEnd, end, AUDIT_PARENTHESIS))) {
            return Head.CUT;
        }
        if (seccomp && (matches(buf, wordEnd, end, DOTS) || matches(buf, wordEnd, end, ELLIPSIS))) {
            bodyStart = wordEnd + 1;
            return Head.ELIDED;
        }
        decided = false;
        return Head.NONE;
    }

    private static boolean isOneOf(byte[] buf, int from, int to, byte[][] words) {
        for (byte[] word : words) {
            if (word.length == to - from && matches(buf, from, to, word)) {
                return true;
            }
        }
        return false;
    }

    /** Position of the {@code type=} that belongs to the {@code audit(} at {@code hit}, or -1. */
    private static int typeBefore(byte[] buf, int off, int hit, int end) {
        if (hit + 5 >= end || buf[hit + 5] != '(') {
            return -1;
        }
        int i = hit - 1;
        if (i - 3 >= off && matches(buf, i - 3, hit, MSG)) {
            i -= MSG.length;
        }
        if (i < off || buf[i] != ' ') {
            return -1;
        }
        int limit = Math.max(off, i - Speaker.WORD_LIMIT);
        i--;
        while (i > limit && buf[i] != '=' && buf[i] != ' ') {
            i--;
        }
        int type = i - 4;
        if (type < off || !matches(buf, type, end, TYPE)) {
            return -1;
        }
        return type > off && isWord(buf[type - 1]) ? -1 : type;
    }

    private Head checkSpeaker(byte[] buf, int off, Head head) {
        if (head == Head.NONE || Speaker.isForeign(buf, off, headStart)) {
            return Head.NONE;
        }
        return Speaker.isInQuotes(buf, off, headStart) ? Head.QUOTED : head;
    }
}

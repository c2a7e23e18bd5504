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
 * <p>Raw auditd lines begin with {@code type=} (or {@code node=... type=}) and are decided by a
 * look at the first bytes. In all other lines the word {@code audit} is searched, since every
 * record and every loss line but one holds it; the one is journald's short form under the process's
 * own identifier. The first record head of a line decides, whatever type it is: what follows is
 * that record's text, which a user may have chosen. Not thread-safe; allocates nothing.
 */
final class HeadScanner {

    /** What the line is. */
    enum Head {
        NONE,
        /** {@code audit(} of a seccomp record; {@link #bodyStart} is behind the parenthesis. */
        STAMP,
        /**
         * {@code audit(} of a record of type 1701, which seccomp used before Linux 3.8 and shares
         * with other senders.
         */
        LEGACY_STAMP,
        /** journald's short form; {@link #bodyStart} is at {@code auid=}. */
        JOURNAL,
        /** A human replaced the stamp by dots; {@link #bodyStart} is at the dots. */
        ELIDED,
        /** A seccomp record whose head is cut by the end of the line. */
        CUT,
        /** A seccomp record inside quotes. */
        QUOTED,
        LOSS
    }

    /** Longest word that is looked at backwards, so that a hostile line costs linear time. */
    private static final int WORD_LIMIT = 64;

    private static final byte[] TYPE = ascii("type=");
    private static final byte[] NODE = ascii("node=");
    private static final byte[] MSG_AUDIT = ascii(" msg=audit(");
    private static final byte[] AUDIT_PARENTHESIS = ascii(" audit(");
    private static final byte[] COLON_TYPE = ascii(": type=");
    private static final byte[] AUDIT_COLON = ascii("audit:");
    private static final byte[] MSG = ascii("msg=");
    private static final byte[] DOTS = ascii(" ...");
    private static final byte[] ELLIPSIS = {' ', (byte) 0xe2, (byte) 0x80, (byte) 0xa6};
    private static final byte[] KERNEL = ascii("kernel");
    private static final byte[] AUDIT = ascii("audi");
    private static final byte[][] SECCOMP_TYPES = {
        ascii("SECCOMP"), ascii("1326"), ascii("UNKNOWN[1326]")
    };
    private static final byte[][] LEGACY_TYPES = {ascii("1701"), ascii("ANOM_ABEND")};

    private static final SubstringSearch AUDIT_WORD = new SubstringSearch("audit");
    private static final SubstringSearch JOURNAL_WORD = new SubstringSearch("]: SECCOMP auid=");
    private static final SubstringSearch TAG_END = new SubstringSearch("]: ");
    private static final int JOURNAL_BODY = "]: SECCOMP ".length();

    private final LossLine loss;
    private boolean decided;
    private int bodyStart;
    private int headStart;
    private long bracketPid;

    HeadScanner(LossLine loss) {
        this.loss = loss;
    }

    int bodyStart() {
        return bodyStart;
    }

    /** Where the record begins: {@code type=} or {@code SECCOMP}. */
    int headStart() {
        return headStart;
    }

    /**
     * For {@link Head#JOURNAL}: the pid that the record must have because its identifier is not
     * {@code audit}; or -1.
     */
    long bracketPid() {
        return bracketPid;
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
                // A whole head is found again at its stamp.
                if (head == Head.CUT || head == Head.ELIDED) {
                    return checkSpeaker(buf, off, head);
                }
            }
            if (loss.parse(buf, off, hit, end)) {
                headStart = loss.start();
                return checkSpeaker(buf, off, Head.LOSS) == Head.LOSS ? Head.LOSS : Head.NONE;
            }
        }
        return journal(buf, off, end);
    }

    /**
     * The head whose {@code type=} is at {@code pos}; says in {@link #decided} whether there is
     * one, of any type.
     */
    private Head headAt(byte[] buf, int pos, int end) {
        decided = false;
        if (!matches(buf, pos, end, TYPE)) {
            return Head.NONE;
        }
        headStart = pos;
        int word = pos + TYPE.length;
        int wordEnd = word;
        int limit = Math.min(end, word + WORD_LIMIT);
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
            // `audit(..)`: somebody's remark about a record, not a record.
            boolean digit = bodyStart == end || isDigit(buf[bodyStart]);
            return !digit
                    ? Head.NONE
                    : seccomp
                            ? Head.STAMP
                            : isOneOf(buf, word, wordEnd, LEGACY_TYPES)
                                    ? Head.LEGACY_STAMP
                                    : Head.NONE;
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
        int limit = Math.max(off, i - WORD_LIMIT);
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
        if (head == Head.NONE || speakerEnd(buf, off, headStart) < 0) {
            return Head.NONE;
        }
        return isInQuotes(buf, off, headStart) ? Head.QUOTED : head;
    }

    private static boolean isInQuotes(byte[] buf, int off, int pos) {
        boolean quoted = false;
        for (int i = off; i < pos; i++) {
            quoted ^= buf[i] == '"';
        }
        return quoted;
    }

    /**
     * Looks at what stands before a kernel text: stamps in brackets, {@code audit:}, {@code
     * kernel:}. A syslog tag {@code name[pid]:} of anything but the kernel and auditd's own
     * programs means that a process wrote the text: then -1. A process that calls itself {@code
     * kernel} cannot be told from it in a text log; the kmsg and journal sources know better.
     */
    private static int speakerEnd(byte[] buf, int off, int pos) {
        int i = pos;
        for (int groups = 0; groups < 6; groups++) {
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
                return i;
            }
            int open = close;
            int limit = Math.max(off, close - WORD_LIMIT);
            while (open > limit && buf[open] != '[') {
                open--;
            }
            if (buf[open] != '[') {
                return i;
            }
            if (open > off && isTag(buf[open - 1])) {
                return isTrustedTag(buf, off, open) ? i : -1;
            }
            i = open;
        }
        return i;
    }

    private static boolean isTag(byte b) {
        return isWord(b) || b == '-' || b == '.' || b == ')' || b == '/';
    }

    private static boolean isTrustedTag(byte[] buf, int off, int tagEnd) {
        int tag = tagEnd;
        int limit = Math.max(off, tagEnd - WORD_LIMIT);
        while (tag > limit && isTag(buf[tag - 1])) {
            tag--;
        }
        return matches(buf, tag, tagEnd, AUDIT)
                || tagEnd - tag == KERNEL.length && matches(buf, tag, tagEnd, KERNEL);
    }

    /**
     * {@code audit[811024]: SECCOMP auid=...}; any other identifier must be the process of the
     * record itself. The tag is the first of the line: after another one it is text that a process
     * wrote.
     */
    private Head journal(byte[] buf, int off, int end) {
        int hit = JOURNAL_WORD.find(buf, off, end);
        if (hit == end) {
            return Head.NONE;
        }
        int open = hit;
        long pid = 0;
        long unit = 1;
        while (open > off && hit - open < 10 && isDigit(buf[open - 1])) {
            open--;
            pid += unit * (buf[open] - '0');
            unit *= 10;
        }
        if (open == hit
                || open - 2 < off
                || buf[open - 1] != '['
                || !isTag(buf[open - 2])
                || TAG_END.find(buf, off, hit) < hit
                || isInQuotes(buf, off, hit)) {
            return Head.NONE;
        }
        headStart = hit + 3;
        bodyStart = hit + JOURNAL_BODY;
        bracketPid = isTrustedTag(buf, off, open - 1) ? -1 : pid;
        return Head.JOURNAL;
    }
}

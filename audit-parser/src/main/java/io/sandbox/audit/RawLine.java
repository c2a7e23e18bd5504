// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.load8;

/**
 * Decides from the first bytes what a line of auditd is, with the same result as {@link
 * HeadScanner}: most lines of such a log have other types and need no further parsing.
 */
final class RawLine {

    enum Kind {
        /** A seccomp record, whose stamp begins {@link #STAMP_OFFSET} bytes later. */
        SECCOMP,
        /** An audit record of a type that seccomp never had. */
        OTHER_TYPE,
        /** A line of auditd with a cut head has no word that a search would find. */
        SUSPECT,
        /** A line of another log. */
        ANY_TEXT;

        /** Whether {@link RecordIndex} handles such lines. */
        boolean isPlain() {
            return this == SECCOMP || this == OTHER_TYPE;
        }
    }

    static final int STAMP_OFFSET = "type=SECCOMP msg=audit(".length();

    /** A known line has at least this head, so no line ends within it. */
    static final int SHORTEST_HEAD = "type=A msg=audit(".length();

    private static final long TYPE = word("type=");
    private static final long NODE = word("node=");
    private static final long TYPE_MASK = 0xff_ffff_ffffL;
    private static final int TYPE_LENGTH = 5;
    private static final long SECCOMP = word("SECCOMP ");
    private static final int SECCOMP_LENGTH = 7;
    private static final long STAMP = word(" msg=aud");
    private static final long STAMP_REST = word("it(");
    private static final long STAMP_REST_MASK = 0xff_ffffL;
    private static final int STAMP_LENGTH = 11;

    /** Longer than every name of a type in linux/audit.h. */
    private static final int NAME_LIMIT = 32;

    private static long word(String text) {
        return load8(ascii(text), 0);
    }

    /** Whether the five bytes are a beginning of lines of auditd. */
    static boolean startsLike(byte[] buf, int pos, int end) {
        long start = load8(buf, pos) & TYPE_MASK;
        return end - pos >= TYPE_LENGTH && (start == TYPE || start == NODE);
    }

    static Kind kindAt(byte[] buf, int pos, int end) {
        long start = load8(buf, pos) & TYPE_MASK;
        if (start != TYPE) {
            return start == NODE ? Kind.SUSPECT : Kind.ANY_TEXT;
        }
        int name = pos + TYPE_LENGTH;
        if (end - name <= NAME_LIMIT + STAMP_LENGTH) {
            return Kind.SUSPECT;
        }
        if (load8(buf, name) == SECCOMP) {
            boolean whole =
                    isStampAt(buf, name + SECCOMP_LENGTH)
                            && AsciiBytes.isDigit(buf[pos + STAMP_OFFSET]);
            return whole ? Kind.SECCOMP : Kind.SUSPECT;
        }
        byte first = buf[name];
        // 1326, UNKNOWN[1326], and 1701 or ANOM_ABEND, which seccomp used in the past.
        if (first == '1' || first == 'U' || first == 'A' && buf[name + 1] == 'N') {
            return Kind.SUSPECT;
        }
        int nameEnd = name;
        int run = 8;
        while (run == 8 && nameEnd - name < NAME_LIMIT) {
            run = EightBytes.nameRun(load8(buf, nameEnd));
            nameEnd += run;
        }
        return isStampAt(buf, nameEnd) ? Kind.OTHER_TYPE : Kind.SUSPECT;
    }

    private static boolean isStampAt(byte[] buf, int pos) {
        return load8(buf, pos) == STAMP && (load8(buf, pos + 8) & STAMP_REST_MASK) == STAMP_REST;
    }
}

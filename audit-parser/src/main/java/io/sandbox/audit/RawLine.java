package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.load8;

/**
 * Tells by its first bytes what a line of auditd is, as {@link HeadScanner} would: most lines of
 * such a log are of other types and need no closer look.
 */
final class RawLine {

    /** What begins at a line's start. */
    enum Kind {
        SECCOMP,
        /** An audit record of a type that seccomp never had. */
        OTHER_TYPE,
        /** To be looked at closely. */
        ANY_TEXT
    }

    private static final long TYPE = word("type=");
    private static final long TYPE_MASK = 0xff_ffff_ffffL;
    private static final int TYPE_LENGTH = 5;
    private static final long SECCOMP = word("SECCOMP ");
    private static final long STAMP = word(" msg=aud");
    private static final long STAMP_REST = word("it(");
    private static final long STAMP_REST_MASK = 0xff_ffffL;
    private static final int STAMP_LENGTH = 11;

    /** Longer than every name of a type in linux/audit.h. */
    private static final int NAME_LIMIT = 32;

    private RawLine() {}

    private static long word(String text) {
        return load8(ascii(text), 0);
    }

    static Kind kindAt(byte[] buf, int pos, int end) {
        int name = pos + TYPE_LENGTH;
        if (end - name < NAME_LIMIT + STAMP_LENGTH || (load8(buf, pos) & TYPE_MASK) != TYPE) {
            return Kind.ANY_TEXT;
        }
        if (load8(buf, name) == SECCOMP) {
            return Kind.SECCOMP;
        }
        byte first = buf[name];
        // 1326, UNKNOWN[1326], and 1701 or ANOM_ABEND, which once was seccomp's.
        if (first == '1' || first == 'U' || first == 'A' && buf[name + 1] == 'N') {
            return Kind.ANY_TEXT;
        }
        int nameEnd = name;
        while (nameEnd - name < NAME_LIMIT && isNamePart(buf[nameEnd])) {
            nameEnd++;
        }
        boolean stamped =
                load8(buf, nameEnd) == STAMP
                        && (load8(buf, nameEnd + 8) & STAMP_REST_MASK) == STAMP_REST;
        return stamped ? Kind.OTHER_TYPE : Kind.ANY_TEXT;
    }

    private static boolean isNamePart(byte b) {
        return b >= 'A' && b <= 'Z' || b == '_';
    }
}

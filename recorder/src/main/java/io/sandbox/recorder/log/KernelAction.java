// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;

/** What the kernel did with a call that left a record. */
public enum KernelAction {
    LOGGED("logged"),
    KILLED("killed"),
    TRAPPED("trapped"),
    REFUSED("refused"),
    /** Handed to a tracer or a supervisor, or let through by a filter that logs. */
    PASSED_ON("passed on"),
    /** The line does not say it. */
    UNKNOWN("unknown");

    /** The actions of linux/seccomp.h, without their data. */
    private static final int RET_TRAP = 0x0003;

    private static final int RET_ERRNO = 0x0005;
    private static final int RET_USER_NOTIF = 0x7fc0;
    private static final int RET_TRACE = 0x7ff0;
    private static final int RET_LOG = 0x7ffc;
    private static final int RET_ALLOW = 0x7fff;

    private final String text;

    KernelAction(String text) {
        this.text = text;
    }

    /** Returns a word that stands behind a number, as in "12 killed". */
    public String text() {
        return text;
    }

    public boolean isDenial() {
        return this == KILLED || this == TRAPPED || this == REFUSED;
    }

    public static KernelAction of(SeccompRecord record) {
        if (record.hasCode()) {
            return ofCode(record.code());
        }
        return record.has(RecordField.SIG) && record.signal() != 0
                ? KILLED
                : record.text(RecordField.CODE).map(KernelAction::ofWord).orElse(UNKNOWN);
    }

    private static KernelAction ofCode(int code) {
        return switch (code >>> 16) {
            case RET_LOG -> LOGGED;
            case RET_ERRNO -> REFUSED;
            case RET_TRAP -> TRAPPED;
            case RET_TRACE, RET_USER_NOTIF, RET_ALLOW -> PASSED_ON;
            default -> KILLED;
        };
    }

    /** For the words of ausearch -i, which prints kill-thread for every action that kills. */
    private static KernelAction ofWord(String word) {
        return switch (word) {
            case "log" -> LOGGED;
            case "errno" -> REFUSED;
            case "trap" -> TRAPPED;
            case "trace", "user-notif", "allow" -> PASSED_ON;
            default -> word.startsWith("kill") ? KILLED : UNKNOWN;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LossKind;
import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.audit.SeccompRecordParser;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the entries that a journal has twice. If no auditd runs, the kernel prints each record, and
 * journald gets it a second time if it listens on the audit socket. Then a record that the kernel
 * did not print is not missing.
 */
final class JournalCopies {
    /** The limit of remembered entries: the two entries of a record lie near each other. */
    private static final int MAX_SINGLE = 65_536;

    private record Stamp(long millis, long serial) {}

    /** The records of which one entry has come, and whether that was the printed one. */
    private final Map<Stamp, Boolean> single =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Stamp, Boolean> eldest) {
                    return size() > MAX_SINGLE;
                }
            };

    private Stamp lastPrinted;
    private boolean lastPrintedHasCopy;

    /** Whether the entry or line, which the parser has just read, repeats another entry. */
    boolean isCopy(SeccompRecordParser parser, ParseOutcome outcome) {
        boolean printed = parser.isPrintedEntry();
        return switch (outcome) {
            case RECORD -> (printed || parser.isSocketEntry()) && isCopy(parser.record(), printed);
            // The kernel prints some records before it suppresses others: does journald listen?
            case LOSS ->
                    printed
                            && lastPrintedHasCopy
                            && parser.lossKind() == LossKind.PRINTK_SUPPRESSED;
            default -> false;
        };
    }

    private boolean isCopy(SeccompRecord record, boolean printed) {
        if (!record.hasTime() || !record.hasSerial()) {
            return false;
        }
        Stamp stamp = new Stamp(record.timeMillis(), record.serial());
        Boolean other = single.get(stamp);
        boolean copy = other != null && other != printed;
        if (copy) {
            single.remove(stamp);
        } else {
            single.put(stamp, printed);
        }
        if (printed) {
            lastPrinted = stamp;
            lastPrintedHasCopy = copy;
        } else if (copy && stamp.equals(lastPrinted)) {
            lastPrintedHasCopy = true;
        }
        return copy;
    }
}

package io.sandbox.recorder.source;

import java.util.List;
import java.util.OptionalLong;

/** Watches the kernel's count of dropped audit records from the moment it is made. */
final class LostCounter {
    private final OptionalLong before = AuditStatus.queryLost();

    /**
     * Adds what was dropped since to {@code causes} and returns how many; 0 where it may not be
     * read.
     */
    long addTo(List<String> causes) {
        OptionalLong now = AuditStatus.queryLost();
        if (before.isEmpty() || now.isEmpty()) {
            return 0;
        }
        long lost = (now.getAsLong() - before.getAsLong()) & 0xffffffffL;
        if (lost > 0) {
            causes.add(
                    "the kernel dropped "
                            + lost
                            + " audit records of this machine (its backlog was full)");
        }
        return lost;
    }
}

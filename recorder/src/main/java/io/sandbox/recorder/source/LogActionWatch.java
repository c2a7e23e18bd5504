// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.evidence.Sign;
import java.util.Optional;

/**
 * Notices writes to {@code kernel.seccomp.actions_logged}. A privileged process can remove {@code
 * log} from it for a moment, and calls then leave no record. This class does not notice writes
 * through another mount of proc(5). But if audit is enabled, the kernel writes a record of each
 * change (kernel/auditsc.c, audit_seccomp_actions_logged). It lasts until we end. For one thread.
 */
final class LogActionWatch {
    static final String FOLDER = "/proc/sys/kernel/seccomp";

    /** Negative errno if there is no watch. */
    private final int watch;

    private boolean changed;

    LogActionWatch(String folder) {
        watch = LibC.watchWrites(folder);
    }

    /** Forgets earlier writes. */
    void startCounting() {
        LibC.takeWrites();
        changed = false;
    }

    /** Why records may be lost: a write since {@link #startCounting}, or no watch at all. */
    Optional<Sign> querySign() {
        if (watch < 0) {
            return Optional.of(new Sign(Sign.Kind.LOG_ACTION_UNWATCHED, 0, LibC.strerror(-watch)));
        }
        changed |= LibC.takeWrites();
        return changed
                ? Optional.of(new Sign(Sign.Kind.LOG_ACTION_CHANGED, 0, ""))
                : Optional.empty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.LibC;
import java.util.Optional;

/**
 * Notices when somebody writes to {@code kernel.seccomp.actions_logged}: the privileged can take
 * {@code log} out for a moment, and calls are then made without a record. Of a write through
 * another mount of proc(5) nothing is noticed here; where audit is enabled, the kernel writes a
 * record of each change (kernel/auditsc.c, audit_seccomp_actions_logged). It lasts as long as the
 * process. For one thread.
 */
final class LogActionWatch {
    /** The sentence for a change, however it was noticed. */
    static final String CHANGED =
            "kernel.seccomp.actions_logged was written to during the run, so for a while calls may"
                    + " have left no record";

    private static final String FOLDER = "/proc/sys/kernel/seccomp";

    /** Or the negative errno. */
    private final int watch;

    private boolean changed;

    LogActionWatch() {
        watch = LibC.watchWrites(FOLDER);
    }

    /** Forgets what was written so far. */
    void startCounting() {
        LibC.takeWrites();
        changed = false;
    }

    /** What it means that something was written since, as a cause of loss. */
    Optional<String> queryCause() {
        if (watch < 0) {
            return Optional.of(
                    "it cannot be watched whether somebody takes log out of"
                            + " kernel.seccomp.actions_logged (dnotify: "
                            + LibC.strerror(-watch)
                            + ")");
        }
        changed |= LibC.takeWrites();
        return changed ? Optional.of(CHANGED) : Optional.empty();
    }
}

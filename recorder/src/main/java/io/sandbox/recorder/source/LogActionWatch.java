package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.LibC;
import java.nio.ByteBuffer;
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

    private static final String FILE = "/proc/sys/kernel/seccomp/actions_logged";
    private static final int IN_MODIFY = 2; // inotify(7)

    /** Room for some events without a name. */
    private static final int BUFFER_BYTES = 256;

    private static final int O_RDONLY_CLOEXEC = 0x80000;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Or the negative errno. */
    private final int events;

    private boolean changed;

    LogActionWatch() {
        // Held open as long as we live, so that the kernel keeps what the watch is on.
        LibC.open(FILE, O_RDONLY_CLOEXEC);
        events = LibC.inotifyOpen(FILE, IN_MODIFY);
    }

    /** Forgets what was written so far. */
    void startCounting() {
        while (hasEvent()) {
            // The next one.
        }
        changed = false;
    }

    /** What it means that something was written since, as a cause of loss. */
    Optional<String> queryCause() {
        if (events < 0) {
            return Optional.of(
                    "it cannot be watched whether somebody takes log out of"
                            + " kernel.seccomp.actions_logged (inotify: "
                            + LibC.strerror(-events)
                            + ")");
        }
        changed |= hasEvent();
        return changed ? Optional.of(CHANGED) : Optional.empty();
    }

    private boolean hasEvent() {
        return events >= 0 && LibC.read(events, buffer, BUFFER_BYTES) > 0;
    }
}

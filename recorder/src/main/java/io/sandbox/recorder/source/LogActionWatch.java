package io.sandbox.recorder.source;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Notices when somebody writes to {@code kernel.seccomp.actions_logged}: the privileged can take
 * {@code log} out for a moment, and calls are then made without a record. Of a write through
 * another mount of proc(5) nothing is noticed here; where audit is enabled, the kernel writes a
 * record of each change (kernel/auditsc.c, audit_seccomp_actions_logged). For one thread.
 */
final class LogActionWatch implements AutoCloseable {
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

    /** Held open, so that the kernel keeps what the watch is on. */
    private final int file;

    LogActionWatch() {
        file = LibC.open(FILE, O_RDONLY_CLOEXEC);
        events = LibC.inotifyOpen(FILE, IN_MODIFY);
    }

    /** Forgets what was written so far. */
    void startCounting() {
        while (hasEvent()) {
            // The next one.
        }
        changed = false;
    }

    /** Adds a sentence for what was written since. */
    void addTo(List<String> causes) {
        if (events < 0) {
            causes.add(
                    "it cannot be watched whether somebody takes log out of"
                            + " kernel.seccomp.actions_logged (inotify: "
                            + LibC.strerror(-events)
                            + ")");
            return;
        }
        changed |= hasEvent();
        if (changed) {
            causes.add(CHANGED);
        }
    }

    private boolean hasEvent() {
        return events >= 0 && LibC.read(events, buffer, BUFFER_BYTES) > 0;
    }

    @Override
    public void close() {
        if (events >= 0) {
            LibC.close(events);
        }
        if (file >= 0) {
            LibC.close(file);
        }
    }
}

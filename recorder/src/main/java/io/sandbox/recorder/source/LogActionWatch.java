package io.sandbox.recorder.source;

import java.util.List;
import java.util.Optional;

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

    private final WriteEvents events;
    private boolean changed;

    LogActionWatch(WriteEvents events) {
        this.events = events;
    }

    static LogActionWatch open() {
        return new LogActionWatch(new InotifyEvents(FILE));
    }

    /** Forgets what was written so far. */
    void startCounting() {
        while (events.poll()) {
            // The next one.
        }
        changed = false;
    }

    /** Adds a sentence for what was written since. */
    void addTo(List<String> causes) {
        Optional<String> trouble = events.trouble();
        if (trouble.isPresent()) {
            causes.add(
                    "it cannot be watched whether somebody takes log out of"
                            + " kernel.seccomp.actions_logged (inotify: "
                            + trouble.get()
                            + ")");
            return;
        }
        changed |= events.poll();
        if (changed) {
            causes.add(CHANGED);
        }
    }

    @Override
    public void close() {
        events.close();
    }
}

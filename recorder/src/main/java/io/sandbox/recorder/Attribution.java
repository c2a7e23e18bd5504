package io.sandbox.recorder;

import io.sandbox.audit.SeccompRecord;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides whether a record is the target's, by what the kernel vouches for: the audit session that
 * the target was started in and that every descendant inherits.
 *
 * <p>A process with CAP_AUDIT_CONTROL can leave its session (sshd, cron and login do so for each
 * user). It is followed: when a process that was recorded as ours shows up in a session younger
 * than ours, that session is ours too. Its own records come before those of its children, so none
 * is missed. One that gives up its session altogether is followed too, but its children cannot be.
 */
final class Attribution {
    private static final long UNSET = 0xffffffffL;

    private final Set<Long> sessions = new HashSet<>();
    private final Set<Integer> pids = new HashSet<>();
    private final long firstSession;
    private boolean sessionGivenUp;

    Attribution(long session) {
        firstSession = session;
        sessions.add(session);
    }

    boolean isOurs(SeccompRecord record) {
        boolean ours =
                sessions.contains(record.ses())
                        || (pids.contains(record.pid()) && follow(record.ses()));
        if (ours) {
            pids.add(record.pid());
        }
        return ours;
    }

    private boolean follow(long session) {
        if (session == UNSET) {
            sessionGivenUp = true;
            return true;
        }
        // One machine-wide counter numbers the sessions. An older one shows that the pid was
        // reused.
        return session > firstSession && sessions.add(session);
    }

    int processCount() {
        return pids.size();
    }

    /** Whether some process moved from the session that it was started in to another. */
    boolean sessionChanged() {
        return sessions.size() > 1;
    }

    /** Whether some process gave up its session, so that its children may have been missed. */
    boolean sessionGivenUp() {
        return sessionGivenUp;
    }
}

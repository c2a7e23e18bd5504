// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.enforcer.launch.process.ProcessAge;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;

/**
 * Decides whether a record is the target's, by what the kernel vouches for: the audit session that
 * the target was started in and that every descendant inherits.
 *
 * <p>A process with CAP_AUDIT_CONTROL can leave its session (sshd, cron and login do so for each
 * user). It is followed when it certainly is the same process: the one that now has the number was
 * started before that number last made a call of ours. Its own records come before those of its
 * children, so none is missed. Where it cannot be told, because the process has ended or has given
 * up its session altogether, the evidence is declared uncertain instead; nothing is added to it.
 *
 * <p>Where the filter lets calls pass unseen, a process may leave its session before any call of it
 * was recorded. So there the process of each record in a younger session is looked up.
 */
final class Attribution {
    private static final long UNSET = 0xffffffffL;

    /**
     * Less than it takes to use up all process numbers, so that one comes round again; and more
     * than the error of a start time.
     */
    private static final long REUSE_MILLIS = 50;

    private static final int NO_PID = -1;

    private final Set<Long> sessions = new HashSet<>();
    private final Set<Long> strangers = new HashSet<>();

    /** Of which no process was found yet that tells whose they are. */
    private final Set<Long> unclear = new HashSet<>();

    private final Queue<Long> newSessions = new ArrayDeque<>();

    /** When each of our processes made its last call, as its record says: ms since the epoch. */
    private final Map<Integer, LastCall> lastCalls = new HashMap<>();

    /** The session and process of the record before: most records are of the same. */
    private long recentSession;

    private LastCall recent = new LastCall(NO_PID);

    private final ProcessAge processAge;
    private final Optional<Kinship> kinship;
    private final int target;
    private final long firstSession;
    private boolean uncertain;

    /**
     * @param target the process that the target was started as
     * @param kinship for a filter that lets calls pass unseen; empty if it shows all
     */
    Attribution(long session, int target, ProcessAge processAge, Optional<Kinship> kinship) {
        this.processAge = processAge;
        this.kinship = kinship;
        this.target = target;
        firstSession = session;
        recentSession = session;
        sessions.add(session);
    }

    private static final class LastCall {
        private final int pid;
        private long millis;

        private LastCall(int pid) {
            this.pid = pid;
        }
    }

    boolean isOurs(SeccompRecord record) {
        boolean ours =
                record.ses() == recentSession || sessions.contains(record.ses()) || follow(record);
        if (ours) {
            recentSession = record.ses();
            if (record.pid() != recent.pid) {
                recent = lastCalls.computeIfAbsent(record.pid(), LastCall::new);
            }
            recent.millis = record.timeMillis();
        }
        return ours;
    }

    /** One machine-wide counter numbers the sessions, so one that our target entered is younger. */
    private boolean follow(SeccompRecord record) {
        if (record.ses() < firstSession || strangers.contains(record.ses())) {
            return false;
        }
        LastCall known = lastCalls.get(record.pid());
        if (known == null) {
            return kinship.isPresent() && followRelative(record);
        }
        long lastCall = known.millis;
        OptionalLong startedBefore = startedBefore(record, lastCall);
        if (startedBefore.isPresent() && startedBefore.getAsLong() > lastCall + REUSE_MILLIS) {
            // Another process that has got the number of one of ours.
            lastCalls.remove(record.pid());
            recent = new LastCall(NO_PID);
            return false;
        }
        return startedBefore.isPresent() ? enter(record.ses()) : doubt();
    }

    /** A process that has made no call that we know of. */
    private boolean followRelative(SeccompRecord record) {
        if (ProbeNumber.isProbe(record.syscall())) {
            // A test of another recording, whose process has ended; no kernel has such a call.
            return false;
        }
        long session = record.ses();
        Kinship.Kin kin = kinship.get().of(record.pid(), this::isKnown);
        if (kin == Kinship.Kin.OURS) {
            // Calls of that session from before are not in the evidence.
            uncertain |= unclear.contains(session);
            return enter(session);
        }
        if (session == UNSET) {
            return kin == Kinship.Kin.UNKNOWN && doubt();
        }
        if (kin == Kinship.Kin.STRANGER) {
            strangers.add(session);
            unclear.remove(session);
        } else {
            unclear.add(session);
        }
        return false;
    }

    private boolean isKnown(int pid) {
        return pid == target || lastCalls.containsKey(pid);
    }

    /** Who is in no session at all cannot be followed. */
    private boolean enter(long session) {
        if (session == UNSET) {
            return doubt();
        }
        sessions.add(session);
        newSessions.add(session);
        return true;
    }

    private boolean doubt() {
        uncertain = true;
        return false;
    }

    /** A time by which the process of the record was there; empty if it cannot be told any more. */
    private OptionalLong startedBefore(SeccompRecord record, long lastCall) {
        return record.timeMillis() <= lastCall + REUSE_MILLIS
                ? OptionalLong.of(lastCall)
                : processAge.startMillis(record.pid());
    }

    /** A session that was followed into since the last call, if any. */
    Optional<Long> pollNewSession() {
        return Optional.ofNullable(newSessions.poll());
    }

    /** How many processes made calls, by their numbers. */
    int processCount() {
        return lastCalls.size();
    }

    /** Whether some process moved from the session that it was started in to another. */
    boolean sessionChanged() {
        return sessions.size() > 1;
    }

    /** Whether calls of the target's may have been taken for a stranger's. */
    boolean uncertain() {
        return uncertain || !unclear.isEmpty();
    }
}

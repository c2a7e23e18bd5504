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
import java.util.function.LongSupplier;

/**
 * Decides whether a record is the target's, by what the kernel vouches for: the audit session that
 * the target was started in and that every descendant inherits.
 *
 * <p>A process with CAP_AUDIT_CONTROL can leave its session (sshd, cron and login do so for each
 * user). We follow the process if it is certainly ours: it was started before the last call that we
 * have from its number. Its own records come before those of its children, so none is missed. If
 * the process has ended or is in no session any more, we cannot be certain. Then the record is not
 * added, and the evidence counts as uncertain.
 *
 * <p>If the filter lets calls pass unseen, a process may leave its session before any of its calls
 * was recorded. With such a filter, we look up the process of each record in a younger session.
 *
 * <p>With audit sessions, daemons are found without a subreaper, which would change what getppid(2)
 * tells orphans. The price is that a target without a login uid gets one, which getlogin(3) can
 * see.
 */
final class Attribution {
    private static final long UNSET = 0xffffffffL;

    /** Below the time until a process number returns, above the error of a start time. */
    private static final long REUSE_MILLIS = 50;

    private static final int NO_PID = -1;

    private final Set<Long> sessions = new HashSet<>();
    private final Set<Long> strangers = new HashSet<>();

    /** Sessions of which it is not yet known whether they are the target's. */
    private final Set<Long> unclear = new HashSet<>();

    private final Queue<Long> newSessions = new ArrayDeque<>();

    /** When each of our processes made its last call, by its record. */
    private final Map<Integer, LastCall> lastCalls = new HashMap<>();

    /** Those of our last record: most records come from the process of the one before. */
    private long recentSession;

    private LastCall recent = new LastCall(NO_PID);

    private final ProcessAge processAge;

    /** The wall clock minus a clock that nobody sets, in ms. */
    private final LongSupplier clockOffset;

    private long leastOffset;
    private long mostOffset;
    private final Optional<Kinship> kinship;
    private final int target;
    private final long firstSession;
    private boolean uncertain;

    /**
     * @param target the target's first process
     * @param clockOffset the wall clock minus a clock that nobody sets, in ms
     * @param kinship for a filter that lets calls pass unseen; empty if it shows all
     */
    Attribution(
            long session,
            int target,
            ProcessAge processAge,
            LongSupplier clockOffset,
            Optional<Kinship> kinship) {
        this.processAge = processAge;
        this.clockOffset = clockOffset;
        leastOffset = clockOffset.getAsLong();
        mostOffset = leastOffset;
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

    /**
     * To be called often. A record has the time of the wall clock, and this may be set between two
     * records, or between a record and the look at its process.
     */
    void noteClock() {
        long offset = clockOffset.getAsLong();
        leastOffset = Math.min(leastOffset, offset);
        mostOffset = Math.max(mostOffset, offset);
    }

    /** By how much the wall clock was set during the run: the error of each comparison of times. */
    private long clockError() {
        noteClock();
        return mostOffset - leastOffset;
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

    /** Whether it is of a session of the target, whoever made the call. */
    boolean isOfSession(SeccompRecord record) {
        return sessions.contains(record.ses());
    }

    /** Sessions count up on the machine: one that our target entered is higher. */
    private boolean follow(SeccompRecord record) {
        if (record.ses() < firstSession || strangers.contains(record.ses())) {
            return false;
        }
        LastCall known = lastCalls.get(record.pid());
        if (known == null) {
            return kinship.isPresent() && followRelative(record);
        }
        OptionalLong start = startedBefore(record, known.millis);
        long error = clockError();
        if (start.isPresent() && start.getAsLong() - error > known.millis + REUSE_MILLIS) {
            // The number of one of our processes belongs to another process now.
            lastCalls.remove(record.pid());
            recent = new LastCall(NO_PID);
            return false;
        }
        boolean same =
                start.isPresent() && start.getAsLong() + error <= known.millis + REUSE_MILLIS;
        return same ? enter(record.ses()) : doubt();
    }

    /** Does what {@link #follow} does, for a process of which we know no call yet. */
    private boolean followRelative(SeccompRecord record) {
        if (ProbeNumber.isProbe(record.syscall())
                && record.exe().orElse("").endsWith("/sandbox-exec")) {
            // A canary of another recording; its process has ended.
            return false;
        }
        long session = record.ses();
        Kinship.Kin kin =
                kinship.get().of(record.pid(), pid -> pid == target || lastCalls.containsKey(pid));
        if (kin == Kinship.Kin.OURS) {
            // Earlier calls of that session are not in the evidence.
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

    /** A process without an audit session cannot be followed. */
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

    /** A time at which the process of the record already existed; empty if it has ended. */
    private OptionalLong startedBefore(SeccompRecord record, long lastCall) {
        return record.timeMillis() + clockError() <= lastCall + REUSE_MILLIS
                ? OptionalLong.of(lastCall - clockError())
                : processAge.startMillis(record.pid());
    }

    /** A session that was followed into since the last call, if any. */
    Optional<Long> pollNewSession() {
        return Optional.ofNullable(newSessions.poll());
    }

    /** How many processes made calls, counted by their process numbers. */
    int processCount() {
        return lastCalls.size();
    }

    boolean sessionChanged() {
        return sessions.size() > 1;
    }

    /** Whether calls of the target may have been taken for those of other processes. */
    boolean uncertain() {
        return uncertain || !unclear.isEmpty();
    }
}

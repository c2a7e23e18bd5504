// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.process.ProcessAge;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.recorder.source.ProcessEnds;
import io.sandbox.syscalldb.ObservedCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who makes the calls that a listener tells of. A look into /proc costs several times as much as
 * all other work for a call, so what was found is kept as long as it cannot have changed.
 *
 * <p>A thread's number can get another owner, or its process another executable, only through a
 * call that makes a process or executes a program. We see all such calls. While one of them goes
 * on, nothing is kept. It is over when its thread asks about another call, or has ended. So what is
 * known of a number never outlives its owner. For one thread, except {@link #queryLiving}, {@link
 * #signalAll} and {@link #processCount}, which any thread may call.
 *
 * <p>What was read in /proc counts only if the question about the call is still open afterwards;
 * otherwise it may be about another process.
 */
final class Callers {
    /** Calls after which a number may stand for another process or executable. */
    private static final Set<String> LINEAGE =
            Set.of("clone", "clone3", "fork", "vfork", "execve", "execveat");

    /** A call that may replace /proc/PID/exe, by PR_SET_MM (linux/prctl.h). */
    private static final String PRCTL = "prctl";

    private static final int PR_SET_MM = 35;

    private static final int TABLE = 1024;
    private static final byte UNKNOWN = 0;
    private static final byte HARMLESS = 1;
    private static final byte CHANGES = 2;
    private static final byte CHANGES_IF_MM = 3;

    private final boolean seesAllCalls;
    private final Map<Integer, Known> known = new HashMap<>();
    private final Set<Integer> unsettled = new HashSet<>();

    /** When each process that was looked up was started, in ticks; see {@link ProcessAge}. */
    private final Map<Integer, OptionalLong> starts = new ConcurrentHashMap<>();

    private final ProcessEnds ends = new ProcessEnds();
    private final byte[] kinds = new byte[TABLE];
    private int kindsArch;
    private int lastThread;
    private Known last;

    /**
     * What is known of a thread.
     *
     * @param process its thread group; 0 if unknown
     * @param executable the path; empty if unknown
     * @param executableKey the path in bytes
     */
    record Known(int process, String executable, byte[] executableKey) {
        private static final Known NOTHING = new Known(0, "", new byte[0]);
    }

    /**
     * @param seesAllCalls whether the filter asks about every call; otherwise nothing is kept
     */
    Callers(boolean seesAllCalls) {
        this.seesAllCalls = seesAllCalls;
    }

    /** Notes a process that has made no call yet. */
    void add(int process) {
        starts.put(process, ProcessAge.queryStartTicks(process));
    }

    /** Tells who makes the call. To be asked once for each call, before it is answered. */
    Known identify(CallListener call) {
        int thread = call.thread();
        if (!unsettled.isEmpty()) {
            settle(thread);
        }
        Known caller = thread == lastThread && last != null ? last : known.get(thread);
        if (caller == null) {
            caller = query(call);
        }
        if (changesWhoIsWho(call)) {
            unsettled.add(thread);
            known.clear();
            last = null;
        } else if (seesAllCalls && unsettled.isEmpty() && caller.process() != 0) {
            if (caller != last) {
                known.put(thread, caller);
            }
            last = caller;
            lastThread = thread;
        }
        ends.called(call.auditArch(), call.number(), caller.process(), caller::executable);
        return caller;
    }

    /** Notes that the call before is over, since the thread makes another. */
    private void settle(int thread) {
        unsettled.remove(thread);
        if (!unsettled.isEmpty()) {
            unsettled.removeIf(other -> !Files.exists(ProcessStatus.directory(other)));
        }
    }

    /** Looks into /proc; "unknown" if the call is over: the number may be another's by then. */
    private Known query(CallListener call) {
        int thread = call.thread();
        int process = ProcessStatus.query(thread).process().orElse(0);
        OptionalLong start = ProcessAge.queryStartTicks(process);
        String executable = ProcessStatus.queryExecutable(thread).orElse("");
        if (process == 0 || !call.isWaiting()) {
            return Known.NOTHING;
        }
        if (starts.put(process, start) == null) {
            ends.follow(process);
        }
        return new Known(process, executable, executable.getBytes(StandardCharsets.UTF_8));
    }

    private boolean changesWhoIsWho(CallListener call) {
        byte kind = kind(call.auditArch(), call.number());
        return kind == CHANGES || kind == CHANGES_IF_MM && (int) call.argument(0) == PR_SET_MM;
    }

    private byte kind(int arch, int number) {
        if (number < 0 || number >= TABLE) {
            return queryKind(arch, number);
        }
        if (arch != kindsArch) {
            Arrays.fill(kinds, UNKNOWN);
            kindsArch = arch;
        }
        if (kinds[number] == UNKNOWN) {
            kinds[number] = queryKind(arch, number);
        }
        return kinds[number];
    }

    /** Our tables may lack the call. Then it could be of any kind. */
    private static byte queryKind(int arch, int number) {
        ObservedCall call = ObservedCall.of(arch, number);
        if (call.syscall().isEmpty() || LINEAGE.contains(call.displayName())) {
            return CHANGES;
        }
        return call.displayName().equals(PRCTL) ? CHANGES_IF_MM : HARMLESS;
    }

    /** How the processes end that have made a call. */
    ProcessEnds ends() {
        return ends;
    }

    /** How many processes are known, counted by their numbers. */
    int processCount() {
        return starts.size();
    }

    /** The numbers of the known processes that still exist. */
    Set<Integer> queryLiving() {
        Set<Integer> living = new HashSet<>();
        starts.forEach(
                (process, start) -> {
                    if (isSame(process, start)) {
                        living.add(process);
                    }
                });
        return living;
    }

    /** Sends a signal to the known processes that still exist. */
    void signalAll(int signal) {
        for (int process : queryLiving()) {
            PidFd.signal(process, signal, () -> isSame(process, starts.get(process)));
        }
    }

    private static boolean isSame(int process, OptionalLong start) {
        return start.isPresent() && ProcessAge.queryStartTicks(process).equals(start);
    }
}

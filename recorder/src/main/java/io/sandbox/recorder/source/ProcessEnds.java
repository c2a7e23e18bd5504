// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.FailedEnd;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.PollWaiter;
import io.sandbox.enforcer.launch.process.ProcessStat;
import io.sandbox.outcome.Signals;
import io.sandbox.outcome.WaitStatus;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds out how processes end that are not our children. The status of an ended process is in /proc
 * until its parent has read it (proc(5)). Later the kernel reports it through a pidfd of the
 * process (PIDFD_GET_INFO with PIDFD_INFO_EXIT, since Linux 6.15). On an older kernel some ends
 * stay unknown. Thread-safe.
 */
public final class ProcessEnds implements AutoCloseable {
    /** Java may open 1024 descriptors, and needs some itself. */
    private static final int MOST_OPEN = 256;

    /** Of how many processes the executable is kept. */
    private static final int MOST_NAMED = 1000;

    /** How long to wait for an end, once the whole run is over. */
    private static final int END_MILLIS = 100;

    private static final Arch ARCH = SyscallDb.get().nativeArch();
    private static final int EXIT_GROUP =
            SyscallDb.get().table(ARCH).byName("exit_group").orElseThrow().number();

    /** The pidfd of each process. */
    private final Map<Integer, Integer> descriptors = new LinkedHashMap<>();

    /** What those processes executed whose last call was seen. */
    private final Map<Integer, String> executables = new HashMap<>();

    private final Set<Integer> outlived = new HashSet<>();
    private final List<FailedEnd> failures = new ArrayList<>();
    private boolean programEnded;

    /** Notes a process that has just made a call. */
    public synchronized void follow(int process) {
        if (descriptors.size() == MOST_OPEN) {
            collect();
        }
        if (descriptors.size() == MOST_OPEN || descriptors.containsKey(process)) {
            return;
        }
        int fd = LibC.pidfdOpen(process);
        if (fd < 0) {
            return;
        }
        descriptors.put(process, fd);
        executables.remove(process);
        if (programEnded) {
            outlived.add(process);
        }
    }

    /**
     * Takes from the last call of a process what it executes: its calls before may be another's.
     */
    public void called(int arch, int number, int process, Supplier<String> executable) {
        if (number == EXIT_GROUP && arch == ARCH.auditArch()) {
            synchronized (this) {
                if (executables.size() < MOST_NAMED) {
                    executables.put(process, executable.get());
                }
            }
        }
    }

    /** Notes that the program itself has ended. The processes that exist now have outlived it. */
    public synchronized void programEnded() {
        programEnded = true;
        collect();
        outlived.addAll(descriptors.keySet());
    }

    /** Those that ended with an error or a signal, but SIGPIPE: the reader was gone. */
    public synchronized List<FailedEnd> failures() {
        collect();
        // The run may be over a moment too early, because the kernel takes the filter from a
        // process before the process has ended.
        for (int fd : descriptors.values()) {
            new PollWaiter(fd).await(END_MILLIS);
        }
        collect();
        return failures.stream().map(this::named).toList();
    }

    /** A record of the last call may come after the end. */
    private FailedEnd named(FailedEnd end) {
        String executable = executables.getOrDefault(end.process(), "");
        return new FailedEnd(end.process(), executable, end.waitStatus(), end.outlived());
    }

    private void collect() {
        Iterator<Map.Entry<Integer, Integer>> all = descriptors.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Integer, Integer> one = all.next();
            int status = queryStatus(one.getKey(), one.getValue());
            if (status == -LibC.EAGAIN) {
                continue;
            }
            LibC.close(one.getValue());
            all.remove();
            int process = one.getKey();
            if (status <= 0 || WaitStatus.signal(status) == Signals.SIGPIPE) {
                executables.remove(process);
            } else {
                failures.add(new FailedEnd(process, "", status, outlived.contains(process)));
            }
        }
    }

    /** The status; -EAGAIN while it runs; another negative number if it is unknown. */
    private static int queryStatus(int process, int fd) {
        int status = LibC.pidfdExitStatus(fd);
        if (status >= 0 || !new PollWaiter(fd).await(0)) {
            return status >= 0 ? status : -LibC.EAGAIN;
        }
        // It has ended, and its number is not used again while it is in /proc.
        try {
            ProcessStat stat = ProcessStat.query(process);
            boolean zombie = stat.text(ProcessStat.STATE).equals("Z");
            return zombie ? (int) stat.number(ProcessStat.EXIT_CODE) : -LibC.ESRCH;
        } catch (IOException e) {
            int known = LibC.pidfdExitStatus(fd);
            return known == -LibC.EAGAIN ? -LibC.ESRCH : known;
        }
    }

    @Override
    public synchronized void close() {
        descriptors.values().forEach(LibC::close);
        descriptors.clear();
    }
}

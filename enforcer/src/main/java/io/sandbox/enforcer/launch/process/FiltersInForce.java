// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.StoppedThread;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterCode;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.bpf.FilterReader;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The filters of a running thread, as they were loaded.
 *
 * @param filters the newest first, as the kernel asks them
 * @param logDenials whether one of them was loaded with the flag that logs what is refused
 * @param differentThreads other threads of the process with another number of filters
 */
public record FiltersInForce(
        List<FilterCode> filters, boolean logDenials, List<Integer> differentThreads) {
    private static final int STRICT = 1; // SECCOMP_MODE_STRICT of linux/seccomp.h
    private static final int CAP_SYS_ADMIN = 21; // linux/capability.h
    private static final int FLAG_LOG = 2; // SECCOMP_FILTER_FLAG_LOG
    private static final int EACCES = 13;
    private static final int EMEDIUMTYPE = 124;

    public FiltersInForce {
        filters = List.copyOf(filters);
        differentThreads = List.copyOf(differentThreads);
    }

    /**
     * Reads them. The thread is stopped meanwhile, which takes less than a millisecond.
     *
     * @param thread the number of a process or of one of its threads
     * @throws CommandFailure if it has none, or the kernel does not let us read them
     */
    public static FiltersInForce query(int thread) {
        ProcessStatus status = ProcessStatus.query(thread);
        int mode = status.seccompMode().orElseThrow(() -> failure(thread, "no such process"));
        if (mode == 0) {
            String children = " (its children may have one: pgrep -P " + thread + ")";
            throw failure(thread, "has no filter: all calls are allowed" + children);
        }
        if (mode == STRICT) {
            throw failure(
                    thread, "has no filter, but strict mode: read, write, _exit and sigreturn");
        }
        requireRights(thread, status);
        // What takes time comes before the stop.
        Map<Integer, Integer> restart = restartNumbers();
        List<Integer> different = differentThreads(thread, status);
        return StoppedThread.examine(thread, stopped -> read(stopped, thread, restart, different));
    }

    private static FiltersInForce read(
            StoppedThread stopped,
            int thread,
            Map<Integer, Integer> restart,
            List<Integer> different) {
        List<FilterCode> filters = new ArrayList<>();
        boolean logs = false;
        ByteBuffer code =
                ByteBuffer.allocateDirect(
                        BpfNumbers.MAX_INSTRUCTIONS * BpfNumbers.INSTRUCTION_BYTES);
        int length = stopped.readFilter(0, code);
        while (length >= 0) {
            byte[] bytes = new byte[length * BpfNumbers.INSTRUCTION_BYTES];
            code.get(0, bytes);
            int flags = stopped.readFlags(filters.size());
            logs |= flags >= 0 && (flags & FLAG_LOG) != 0;
            filters.add(0, FilterReader.parse(bytes));
            length = stopped.readFilter(filters.size(), code);
        }
        if (length != -LibC.ENOENT) {
            throw failure(thread, refusal(-length));
        }
        int arch = stopped.readArch();
        if (restart.containsKey(arch) && allow(filters, restart.get(arch), arch)) {
            stopped.allowRestart();
        }
        return new FiltersInForce(filters, logs, different);
    }

    private static CommandFailure failure(int thread, String why) {
        return CommandFailure.ownFailure("process " + thread + ": " + why);
    }

    /** What the kernel would refuse is not tried, so that nothing is stopped in vain. */
    private static void requireRights(int thread, ProcessStatus status) {
        ProcessStatus own = ProcessStatus.query(LibC.getpid());
        if (own.seccompMode().orElse(0) != 0) {
            throw failure(
                    thread,
                    "the kernel shows filters to no process that has one itself, as this one does"
                            + " (try outside of the container)");
        }
        if (!own.hasCapability(CAP_SYS_ADMIN)) {
            throw failure(thread, "the kernel shows filters to root only (CAP_SYS_ADMIN)");
        }
        if (status.tracer().orElse(0) != 0) {
            throw failure(
                    thread,
                    "is traced already, by process "
                            + status.tracer().getAsInt()
                            + " (a debugger or strace)");
        }
    }

    private static String refusal(int errno) {
        return switch (errno) {
            case LibC.EINVAL, LibC.EIO ->
                    "this kernel cannot show filters (CONFIG_CHECKPOINT_RESTORE is missing)";
            case EACCES ->
                    "the kernel shows filters to root of the first user namespace only"
                            + " (CAP_SYS_ADMIN)";
            case EMEDIUMTYPE -> "one of its filters is no classic BPF, which cannot be read";
            default -> "cannot read its filters: " + LibC.strerror(errno);
        };
    }

    /** restart_syscall(2) of the architectures whose calls this kernel may take. */
    private static Map<Integer, Integer> restartNumbers() {
        SyscallDb db = SyscallDb.get();
        Map<Integer, Integer> numbers = new HashMap<>();
        for (Arch arch : db.arches()) {
            if (arch == db.nativeArch() || db.nativeArch().secondary().contains(arch.name())) {
                db.table(arch)
                        .byName("restart_syscall")
                        .ifPresent(call -> numbers.putIfAbsent(arch.auditArch(), call.number()));
            }
        }
        allow(List.of(FilterReader.parse(BpfNumbers.returning(BpfNumbers.ALLOW))), 0, 0);
        return numbers;
    }

    private static boolean allow(List<FilterCode> filters, int number, int auditArch) {
        CallData call = CallData.of(number, auditArch);
        for (FilterCode filter : filters) {
            int verdict = new FilterInterpreter(filter).run(call);
            if (verdict != BpfNumbers.ALLOW && verdict != BpfNumbers.LOG) {
                return false;
            }
        }
        return true;
    }

    private static List<Integer> differentThreads(int thread, ProcessStatus status) {
        OptionalInt count = status.filters();
        List<Integer> different = new ArrayList<>();
        try (DirectoryStream<Path> tasks =
                Files.newDirectoryStream(ProcessStatus.directory(thread).resolve("task"))) {
            for (Path task : tasks) {
                int other = Integer.parseInt(task.getFileName().toString());
                OptionalInt others = ProcessStatus.query(other).filters();
                if (others.isPresent() && !others.equals(count)) {
                    different.add(other);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return different; // it has ended meanwhile
        }
        return different;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessMaps;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Adds to the evidence which files the programs map as code: their libraries, and those that they
 * load by themselves. A call that waits for an answer tells it for certain. After a record, the
 * process can only be looked at, as long as it lives.
 */
final class MappedCode {
    // linux/mman.h, the same on all machines where we record
    private static final long PROT_EXEC = 4;
    private static final long MAP_ANONYMOUS = 0x20;

    /** Programs can make such calls all the time, and records must not wait too long. */
    private static final long LOOK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final EvidenceCollector evidence;
    private final Map<Integer, Seen> changed = new HashMap<>();
    private long nextLookNanos;
    private int arch;
    private int mmap;

    private record Seen(String executable, int arch, long timeMillis) {}

    MappedCode(EvidenceCollector evidence) {
        this.evidence = evidence;
    }

    /** Takes in a call that waits for an answer. */
    void note(CallListener call, Callers.Known caller) {
        if (!isMmap(call.auditArch(), call.number())
                || (call.argument(2) & PROT_EXEC) == 0
                || (call.argument(3) & MAP_ANONYMOUS) != 0) {
            return;
        }
        try {
            String file =
                    Files.readSymbolicLink(
                                    ProcessStatus.directory(call.thread())
                                            .resolve("fd/" + (int) call.argument(4)))
                            .toString();
            if (call.isWaiting()) {
                evidence.mapped(caller.executable(), call.auditArch(), file);
            }
        } catch (IOException e) {
            // There is no such file, so nothing is mapped.
        }
    }

    /** The files that these processes map as code now, by their executable. */
    static Map<String, Set<String>> queryAll(Collection<Integer> processes) {
        Map<String, Set<String>> files = new HashMap<>();
        for (int process : processes) {
            String executable = ProcessStatus.queryExecutable(process).orElse("");
            files.computeIfAbsent(executable, key -> new HashSet<>())
                    .addAll(ProcessMaps.queryCode(process, executable, System.currentTimeMillis()));
        }
        return files;
    }

    void note(SeccompRecord record) {
        if (isMmap(record.arch(), record.syscall()) && !changed.containsKey(record.pid())) {
            String executable = record.exe().orElse("");
            changed.put(record.pid(), new Seen(executable, record.arch(), record.timeMillis()));
        }
    }

    /** Looks at the processes of which records came, but not too often. */
    void look(long nowNanos) {
        if (changed.isEmpty() || nowNanos < nextLookNanos) {
            return;
        }
        nextLookNanos = nowNanos + LOOK_INTERVAL_NANOS;
        changed.forEach(
                (pid, seen) -> {
                    String executable = seen.executable();
                    ProcessMaps.queryCode(pid, executable, seen.timeMillis())
                            .forEach(file -> evidence.mapped(executable, seen.arch(), file));
                });
        changed.clear();
    }

    private boolean isMmap(int callArch, int number) {
        if (callArch != arch) {
            arch = callArch;
            Optional<SyscallTable> table =
                    SyscallDb.get().archByAuditValue(callArch).map(SyscallDb.get()::table);
            mmap =
                    table.flatMap(t -> t.byName("mmap2").or(() -> t.byName("mmap")))
                            .map(call -> call.number())
                            .orElse(-1);
        }
        return number == mmap;
    }
}

package io.sandbox.recorder.learned;

import io.sandbox.enforcer.launch.process.ObservedCall;
import io.sandbox.recorder.evidence.CallEvidence;
import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.Run;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.syscalldb.SyscallTable;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Calls that a program with threads makes in some runs and not in others, though it does the same
 * in all of them. No number of runs shows all of these for certain.
 */
public final class ChanceCalls {
    private ChanceCalls() {}

    /** The chance calls that a list lacks, each with the reason, by name. */
    public static Map<String, String> additions(Collection<String> names, Arch arch) {
        SyscallDb db = SyscallDb.get();
        SyscallTable table = db.table(arch);
        Map<String, String> additions = new TreeMap<>();
        for (SyscallFacts facts : db.allFacts()) {
            String name = facts.name();
            boolean exists =
                    table.byName(name).filter(call -> call.name().equals(name)).isPresent()
                            && !facts.noCodeOn().contains(arch.name());
            if (exists && !names.contains(name)) {
                facts.chance().ifPresent(reason -> additions.put(name, reason));
            }
        }
        return additions;
    }

    /** The executables that have threads, by path. */
    public static Set<String> programsWithThreads(Recording recording) {
        Map<String, Set<String>> calls = new TreeMap<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.programs()) {
                Set<String> names =
                        calls.computeIfAbsent(program.executable(), path -> new TreeSet<>());
                for (CallEvidence call : program.calls()) {
                    names.add(ObservedCall.of(program.auditArch(), call.number()).displayName());
                }
            }
        }
        calls.values().removeIf(names -> !hasThreads(names));
        return calls.keySet();
    }

    /**
     * A process that is forked registers its locks (set_robust_list) as a thread does, but by
     * clone; glibc makes threads by clone3. What ends by exit, or waits by futex, is a thread, or
     * shares memory with others, which comes to the same.
     */
    private static boolean hasThreads(Set<String> names) {
        boolean beginsOthers = names.contains("clone") || names.contains("clone3");
        return beginsOthers && (names.contains("futex") || names.contains("exit"))
                || names.contains("clone3") && names.contains("set_robust_list");
    }
}

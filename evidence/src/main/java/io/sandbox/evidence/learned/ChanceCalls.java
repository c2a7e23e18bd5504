// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.RuntimeFact;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.syscalldb.SyscallTable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Calls that a program with threads makes in some runs only, though it does the same work in all.
 * No number of runs is certain to show all of them.
 *
 * <p>They depend on the load of the machine. They are named, but added to a list only on request or
 * after a series of runs that should show all that there is, because else a list is never widened
 * unasked.
 *
 * <p>Only programs that certainly have threads are told of them. There are three signs: rseq is
 * called more often than set_tid_address (threads of glibc since 2.35; a fork inherits the
 * registration); exit is called, and not only exit_group, because a thread ended; or the threads of
 * Go set their signal stacks. The calls clone, clone3, futex and set_robust_list are no signs,
 * because fork and posix_spawn make them too.
 */
public final class ChanceCalls {
    private ChanceCalls() {}

    /** The chance calls that a list lacks: by name, with the reason for each. */
    public static Map<String, String> additions(Collection<String> names, Arch arch) {
        SyscallDb db = SyscallDb.get();
        SyscallTable table = db.table(arch);
        Map<String, String> additions = new TreeMap<>();
        for (SyscallFacts facts : db.allFacts()) {
            String name = facts.name();
            boolean exists =
                    table.byCanonicalName(name).isPresent()
                            && !facts.noCodeOn().contains(arch.name());
            if (exists && !names.contains(name)) {
                facts.chance().ifPresent(reason -> additions.put(name, reason));
            }
        }
        return additions;
    }

    /**
     * The entries that programs of these files need because of their runtime, with reasons.
     *
     * @param files as {@link #files} gives them
     * @param calls the names of their calls, and the entries of their list
     * @param detail of the list; without arguments, the entries have no conditions
     */
    public static Map<String, String> ofRuntimes(
            Collection<String> files, Collection<String> calls, Arch arch, ArgumentDetail detail) {
        SyscallTable table = SyscallDb.get().table(arch);
        Map<String, String> entries = new TreeMap<>();
        for (RuntimeFact fact : SyscallDb.get().runtimeFacts()) {
            if (table.byCanonicalName(fact.call()).isPresent() && fact.isOf(files, calls)) {
                List<String> cautious =
                        detail.limit() > 0 && !fact.entry().equals(fact.call())
                                ? List.of(fact.entry())
                                : CautiousEntries.of(fact.call(), arch, detail);
                cautious.forEach(entry -> entries.put(entry, fact.reason()));
            }
        }
        return entries;
    }

    /** The executables of a recording, what they were seen to map, and their C libraries. */
    public static Set<String> files(Recording recording, Predicate<String> executables) {
        Set<String> files = new TreeSet<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.programs()) {
                if (executables.test(program.executable())) {
                    files.add(program.executable());
                    files.addAll(program.mapped());
                    program.libc().ifPresent(files::add);
                }
            }
        }
        return files;
    }

    /** What {@link #ofRuntimes} takes for other versions of these files and of any C library. */
    public static Set<String> elsewhere(Collection<String> files) {
        Set<String> others = new TreeSet<>(Set.of("elsewhere"));
        files.forEach(file -> others.add("elsewhere " + file.substring(file.lastIndexOf('/') + 1)));
        return others;
    }

    /** The paths of the executables that have threads, judged by the runs that log every call. */
    public static Set<String> programsWithThreads(Recording recording) {
        Set<String> programs = new TreeSet<>();
        for (Run run : recording.runs()) {
            // The counts must be of all calls, with and without a record.
            if (!run.filter().showsAll()) {
                continue;
            }
            for (ProgramEvidence program : run.programs()) {
                if (hasThreads(counts(program))) {
                    programs.add(program.executable());
                }
            }
        }
        return programs;
    }

    private static Map<String, Long> counts(ProgramEvidence program) {
        Map<String, Long> counts = new TreeMap<>();
        for (CallEvidence call : program.calls()) {
            String name = ObservedCall.of(program.auditArch(), call.number()).displayName();
            counts.merge(name, call.count(), Long::sum);
        }
        return counts;
    }

    /**
     * Many calls of threads are also calls of processes: fork and posix_spawn of glibc make clone
     * or clone3, a forked process registers its locks (set_robust_list), and processes that share
     * memory wait for each other with futex. So we look for what each runtime does only in threads.
     */
    private static boolean hasThreads(Map<String, Long> counts) {
        return hasThreadsOfGlibc(counts) || hasThreadsThatEnd(counts) || hasThreadsOfGo(counts);
    }

    /**
     * Since glibc 2.35, a starting program makes set_tid_address and rseq once each, and each
     * further thread makes only rseq. A forked process inherits what its parent registered.
     */
    private static boolean hasThreadsOfGlibc(Map<String, Long> counts) {
        return times(counts, "rseq") > times(counts, "set_tid_address");
    }

    /** With every C library a process ends with exit_group, and a single thread with exit. */
    private static boolean hasThreadsThatEnd(Map<String, Long> counts) {
        boolean beginsOthers = counts.containsKey("clone") || counts.containsKey("clone3");
        return beginsOthers && counts.containsKey("exit");
    }

    /** Go's threads make gettid and sigaltstack, but without libc no set_robust_list. */
    private static boolean hasThreadsOfGo(Map<String, Long> counts) {
        return counts.containsKey("clone")
                && counts.containsKey("sched_getaffinity")
                && times(counts, "gettid") > 1
                && times(counts, "sigaltstack") > 1
                && !counts.containsKey("set_robust_list");
    }

    private static long times(Map<String, Long> counts, String name) {
        return counts.getOrDefault(name, 0L);
    }
}

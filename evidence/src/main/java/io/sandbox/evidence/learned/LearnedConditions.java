// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The arguments with which a call may be allowed: the observed values, if all were observed and
 * they are few. If a run's filter let the call pass with any arguments, not all were observed.
 */
public final class LearnedConditions {
    /** Allows every call with any arguments. */
    public static final LearnedConditions NONE = new LearnedConditions(0);

    /** What they do is said by numbers to which an address leads, also what socket does. */
    static final Set<String> IN_MEMORY = Set.of("socketcall", "ipc");

    private final int limit;
    private final Map<ObservedCall, Set<String>> conditions = new TreeMap<>();
    private final Set<ObservedCall> unknown = new TreeSet<>();
    private final Set<String> passed = new HashSet<>();

    private LearnedConditions(int limit) {
        this.limit = limit;
    }

    /**
     * The conditions from the calls of all programs.
     *
     * @param limit how many distinct values of arguments still count as few; 0 for no conditions
     */
    public static LearnedConditions of(Recording recording, int limit) {
        return limit == 0 ? NONE : of(recording, limit, program -> true);
    }

    /** The conditions from all arguments that a recording has. */
    public static LearnedConditions of(Recording recording) {
        return of(recording, ArgumentDetail.CLASSES.limit());
    }

    /** The conditions from those that hold for a call; with an empty one, not all are known. */
    public static LearnedConditions of(Map<ObservedCall, Set<String>> seen) {
        LearnedConditions learned = new LearnedConditions(ArgumentDetail.CLASSES.limit());
        learned.conditions.putAll(seen);
        learned.unknown.addAll(seen.keySet());
        learned.unknown.removeIf(call -> !seen.get(call).contains(""));
        return learned;
    }

    static LearnedConditions ofExecutable(Recording recording, int limit, String executable) {
        return limit == 0
                ? NONE
                : of(recording, limit, program -> program.executable().equals(executable));
    }

    /** The conditions from what a container runtime did before the program. */
    static LearnedConditions ofRuntime(Run run) {
        LearnedConditions learned = new LearnedConditions(ArgumentDetail.CLASSES.limit());
        run.runtime().forEach(learned::add);
        return learned;
    }

    private static LearnedConditions of(
            Recording recording, int limit, Predicate<ProgramEvidence> programs) {
        LearnedConditions learned = new LearnedConditions(limit);
        for (Run run : recording.runs()) {
            learned.passed.addAll(run.filter().allowed());
            run.programs().stream().filter(programs).forEach(learned::add);
        }
        return learned;
    }

    /**
     * The calls that a list allows with any arguments, because those of some runs are not known, or
     * were too many, or because they lie in memory.
     *
     * @param detail what was asked for
     */
    public static List<ObservedCall> unknown(
            Recording recording, ArgumentDetail detail, Arch arch) {
        LearnedConditions all = of(recording, detail.limit());
        return detail.limit() == 0
                ? List.of()
                : recording.calls().stream()
                        .filter(
                                call ->
                                        call.listEntry(arch).filter(IN_MEMORY::contains).isPresent()
                                                || !WatchedArgument.of(call, detail).isEmpty())
                        .filter(call -> all.seen(call, arch).isEmpty())
                        .toList();
    }

    /** Whether any run shows arguments. */
    public static boolean areIn(Recording recording) {
        return recording.runs().stream()
                .flatMap(run -> run.programs().stream())
                .flatMap(program -> program.calls().stream())
                .anyMatch(call -> call.arguments().isPresent());
    }

    private void add(ProgramEvidence program) {
        for (CallEvidence evidence : program.calls()) {
            ObservedCall call = ObservedCall.of(program.auditArch(), evidence.number());
            if (evidence.arguments().isPresent()) {
                conditions
                        .computeIfAbsent(call, key -> new TreeSet<>())
                        .addAll(evidence.arguments().get());
            } else {
                unknown.add(call);
            }
        }
    }

    /** The conditions of each entry for the call on {@code arch}; empty for any arguments. */
    public Collection<String> of(ObservedCall call, Arch arch) {
        Collection<String> seen = seen(call, arch);
        // Without any, what could be watched is not looked up: it lies in a large table.
        boolean usable =
                seen.isEmpty()
                        || WatchedArgument.of(call, ArgumentDetail.MODES).stream()
                                .noneMatch(WatchedArgument::isInMemory);
        return usable ? seen : Set.of();
    }

    /** Like {@link #of}, also of clone3 and openat2, though a filter sees none of their flags. */
    public Collection<String> seen(ObservedCall call, Arch arch) {
        Set<String> known = conditions.getOrDefault(call, Set.of());
        Optional<String> name = call.listEntry(arch);
        boolean few = known.size() <= limit && !unknown.contains(call);
        return few && name.filter(passed::contains).isEmpty() ? widest(known) : Set.of();
    }

    /** Without those that another one includes: it says the same with a condition less. */
    private static Set<String> widest(Set<String> known) {
        Set<String> widest = new TreeSet<>(known);
        widest.removeIf(
                each ->
                        each.contains(",")
                                && known.contains(each.substring(0, each.lastIndexOf(','))));
        return widest;
    }
}

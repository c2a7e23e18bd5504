// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Which capabilities a run used. A set is a number with a bit for each.
 *
 * @param unrecorded why they could not be recorded; empty if they were
 * @param held the bounding sets of all programs: what none of them had, no run here can show
 * @param programs by executable, each once
 * @param needed without one of these, a run ended in another way, or made other calls
 * @param spared without one of these, a run ended in the same way and made the same calls
 */
public record RunCapabilities(
        Optional<String> unrecorded,
        long held,
        List<OfProgram> programs,
        long needed,
        long spared) {
    /** How a program came to a capability, or did not. */
    public enum Use {
        /** It was needed for something, and there. */
        GRANTED,
        /** It was there, but the kernel does not take it for an error if it is not. */
        QUIET,
        /** The program named it in a set that it gave itself. */
        CAPSET,
        /** Its file gives it, and cannot be executed without. */
        FILE,
        /** Whoever mounted the file system had it, and the kernel acted for them. */
        BORROWED,
        /** Another namespace gave it, in which the bounding set has no say. */
        INSIDE,
        /** The program lacked it, as any user does. */
        REFUSED,
        /** The program lacked it, because the recording did. */
        LACKING;

        /** Its word in a recording. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Of an executable.
     *
     * @param executable its path; empty if it is not known
     * @param sets without those that are empty
     */
    public record OfProgram(String executable, Map<Use, Long> sets) {
        public OfProgram {
            Map<Use, Long> copy = new EnumMap<>(Use.class);
            copy.putAll(sets);
            copy.values().removeIf(set -> set == 0);
            sets = Map.copyOf(copy);
        }

        public long set(Use use) {
            return sets.getOrDefault(use, 0L);
        }

        private OfProgram merge(OfProgram other) {
            Map<Use, Long> all = new EnumMap<>(Use.class);
            for (Use use : Use.values()) {
                all.put(use, set(use) | other.set(use));
            }
            return new OfProgram(executable, all);
        }
    }

    /** Why nothing can be said of what only root and some sources can record. */
    public static final String UNRECORDED_BY_SOME =
            "not every run recorded them: record all of them again as root, by audit or bpf";

    public RunCapabilities {
        Map<String, OfProgram> merged = new TreeMap<>();
        programs.forEach(each -> merged.merge(each.executable(), each, OfProgram::merge));
        programs = merged.values().stream().filter(each -> !each.sets().isEmpty()).toList();
    }

    /** Of a run after which no capability was taken away to see whether it is needed. */
    public RunCapabilities(Optional<String> unrecorded, long held, List<OfProgram> programs) {
        this(unrecorded, held, programs, 0, 0);
    }

    /** The same, with what was found out by taking away one after the other. */
    public RunCapabilities tried(long nowNeeded, long nowSpared) {
        return new RunCapabilities(unrecorded, held, programs, nowNeeded, nowSpared);
    }

    /** Of several runs together; empty if none tells of them. */
    public static Optional<RunCapabilities> together(List<Optional<RunCapabilities>> runs) {
        List<RunCapabilities> known = runs.stream().flatMap(Optional::stream).toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> unrecorded =
                known.stream().flatMap(each -> each.unrecorded().stream()).findFirst();
        if (unrecorded.isEmpty() && known.size() < runs.size()) {
            unrecorded = Optional.of(UNRECORDED_BY_SOME);
        }
        if (unrecorded.isPresent()) {
            return unrecorded.map(RunCapabilities::unrecorded);
        }
        List<OfProgram> programs =
                known.stream().flatMap(each -> each.programs().stream()).toList();
        long needed = any(known, RunCapabilities::needed);
        long spared = any(known, RunCapabilities::spared) & ~needed;
        long held = any(known, RunCapabilities::held);
        return Optional.of(new RunCapabilities(unrecorded, held, programs, needed, spared));
    }

    private static <T> long any(List<T> of, ToLongFunction<T> set) {
        return of.stream().mapToLong(set).reduce(0, (a, b) -> a | b);
    }

    /** What any program has in this set. */
    public long set(Use use) {
        return any(programs, each -> each.set(use));
    }

    public static RunCapabilities unrecorded(String why) {
        return new RunCapabilities(Optional.of(why), 0, List.of());
    }
}

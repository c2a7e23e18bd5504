// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the programs of a run had the kernel do through io_uring, of which no system call tells.
 *
 * @param unrecorded why it could not be recorded; empty if it was
 * @param programs by executable, each once
 */
public record RunOperations(Optional<String> unrecorded, List<OfProgram> programs) {
    /** How an operation came to the kernel. */
    public enum Way {
        /** Through a ring; the others but REGISTERED tell more about some of these. */
        SUBMITTED,
        /** A thread of the kernel took it, which is charged to whoever made the ring. */
        POLLED,
        /** Through a ring that another process made, or the same one before an exec. */
        SHARED,
        /** By io_uring_register(2). */
        REGISTERED;

        /** Its word in a recording. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Of an executable.
     *
     * @param executable its path; empty if it is not known
     * @param names of the operations, sorted, or their numbers if we know no names; without ways
     *     that have none
     */
    public record OfProgram(String executable, Map<Way, List<String>> names) {
        public OfProgram {
            Map<Way, List<String>> copy = new EnumMap<>(Way.class);
            names.forEach((way, each) -> copy.put(way, List.copyOf(new TreeSet<>(each))));
            copy.values().removeIf(List::isEmpty);
            names = Map.copyOf(copy);
        }

        public List<String> names(Way way) {
            return names.getOrDefault(way, List.of());
        }

        private OfProgram merge(OfProgram other) {
            // Not of the map, which may be empty: its constructor refuses that.
            Map<Way, List<String>> all = new EnumMap<>(Way.class);
            all.putAll(names);
            other.names.forEach((way, each) -> all.merge(way, each, OfProgram::both));
            return new OfProgram(executable, all);
        }

        private static List<String> both(List<String> some, List<String> others) {
            TreeSet<String> all = new TreeSet<>(some);
            all.addAll(others);
            return List.copyOf(all);
        }
    }

    public RunOperations {
        Map<String, OfProgram> merged = new TreeMap<>();
        programs.forEach(each -> merged.merge(each.executable(), each, OfProgram::merge));
        programs = merged.values().stream().filter(each -> !each.names().isEmpty()).toList();
    }

    /** Whether these calls can make or use a ring. */
    public static boolean areIn(List<ObservedCall> calls) {
        return calls.stream().anyMatch(call -> call.displayName().startsWith("io_uring_"));
    }

    public static RunOperations unrecorded(String why) {
        return new RunOperations(Optional.of(why), List.of());
    }

    /** Of several runs together; empty if none tells of them. */
    public static Optional<RunOperations> together(List<Optional<RunOperations>> runs) {
        List<RunOperations> known = runs.stream().flatMap(Optional::stream).toList();
        List<OfProgram> programs =
                known.stream().flatMap(each -> each.programs().stream()).toList();
        return known.stream()
                .map(RunOperations::unrecorded)
                .filter(Optional::isPresent)
                .findFirst()
                .or(() -> known.stream().map(RunOperations::unrecorded).findFirst())
                .map(unrecorded -> new RunOperations(unrecorded, programs));
    }

    /** What any program did in this way, sorted. */
    public List<String> names(Way way) {
        TreeSet<String> all = new TreeSet<>();
        programs.forEach(each -> all.addAll(each.names(way)));
        return List.copyOf(all);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import java.util.List;
import java.util.Optional;

/**
 * What the programs of a run had the kernel do through io_uring, of which no system call tells.
 *
 * @param unrecorded why it could not be recorded; empty if it was
 * @param programs by executable, each once; numbers stand for operations without a name
 */
public record RunOperations(Optional<String> unrecorded, List<NamesOfProgram<Way>> programs) {
    /** How an operation came to the kernel. */
    public enum Way {
        /** Through a ring; the others but REGISTERED tell more about some of these. */
        SUBMITTED,
        /** A thread of the kernel took it, which is charged to whoever made the ring. */
        POLLED,
        /** Through a ring that another process made, or the same one before an exec. */
        SHARED,
        /** By io_uring_register(2). */
        REGISTERED
    }

    public RunOperations {
        programs = NamesOfProgram.merged(programs);
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
        List<NamesOfProgram<Way>> programs =
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
        return NamesOfProgram.all(programs, way);
    }
}

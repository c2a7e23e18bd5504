// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.text.ShownValue;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * What one run of a target, or one reading of logs, showed.
 *
 * @param id tells this run from every other, on any machine; for logs, made from their content
 * @param started when the run started, by the machine's clock, in whole milliseconds
 * @param millis how long it took
 * @param source where the evidence came from, as {@code --source} names it, or {@code log}
 * @param from where in the program's life the recording began, as {@code --from} names it, or
 *     {@link #FROM_WINDOW}; empty for logs
 * @param command what was run, with its arguments; empty for logs and windows
 * @param filter which calls were allowed without a record, and what happened to all others
 * @param status the exit status, 128+n for signal n; empty for logs and windows
 * @param verdict whether the evidence is complete
 * @param machine where the target ran, or where the logs were read
 * @param programs by executable and architecture, each once
 * @param runtime the same of a container runtime, for the calls it made in the container before the
 *     program was executed: they are not the program's, but a filter of the container sees them
 * @param state what was different for this run of a series that tries several states, by its name;
 *     empty if nothing was
 * @param capabilities which the programs used; empty if the source does not tell
 * @param operations those of io_uring; empty if there were none, or the source does not tell
 * @param access to files and addresses; empty if nobody asked for it
 */
public record Run(
        String id,
        Instant started,
        long millis,
        String source,
        Optional<String> from,
        List<String> command,
        RunFilter filter,
        OptionalInt status,
        Verdict verdict,
        Machine machine,
        List<ProgramEvidence> programs,
        List<ProgramEvidence> runtime,
        String state,
        Optional<RunCapabilities> capabilities,
        Optional<RunOperations> operations,
        Optional<RunAccess> access) {
    /** Of processes that ran before the recording began: it shows nothing of their start. */
    public static final String FROM_WINDOW = "window";

    static final Comparator<Run> ORDER = Run::compare;

    private static int compare(Run a, Run b) {
        int byTime = a.started.compareTo(b.started);
        return byTime != 0 ? byTime : a.id.compareTo(b.id);
    }

    public Run {
        Required.all(id, started, source, from, filter, status, verdict, machine, state);
        Required.all(capabilities, operations, access);
        command = List.copyOf(command);
        programs = sorted(programs);
        runtime = sorted(runtime);
    }

    /** Without a container runtime, in no particular state. */
    public Run(
            String id,
            Instant started,
            long millis,
            String source,
            Optional<String> from,
            List<String> command,
            RunFilter filter,
            OptionalInt status,
            Verdict verdict,
            Machine machine,
            List<ProgramEvidence> programs) {
        this(
                id,
                started,
                millis,
                source,
                from,
                command,
                filter,
                status,
                verdict,
                machine,
                programs,
                List.of(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<ProgramEvidence> sorted(List<ProgramEvidence> programs) {
        List<ProgramEvidence> sorted = programs.stream().sorted(ProgramEvidence.ORDER).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (ProgramEvidence.ORDER.compare(sorted.get(i - 1), sorted.get(i)) == 0) {
                throw new IllegalArgumentException(
                        "program twice: " + ShownValue.of(sorted.get(i).executable()));
            }
        }
        return sorted;
    }

    private Run with(
            String newId,
            OptionalInt newStatus,
            Verdict newVerdict,
            List<ProgramEvidence> newPrograms,
            String newState,
            Optional<RunCapabilities> newCapabilities,
            Optional<RunOperations> newOperations,
            Optional<RunAccess> newAccess) {
        return new Run(
                newId,
                started,
                millis,
                source,
                from,
                command,
                filter,
                newStatus,
                newVerdict,
                machine,
                newPrograms,
                runtime,
                newState,
                newCapabilities,
                newOperations,
                newAccess);
    }

    public Run named(String newId) {
        return with(newId, status, verdict, programs, state, capabilities, operations, access);
    }

    public Run judged(Verdict newVerdict) {
        return with(id, status, newVerdict, programs, state, capabilities, operations, access);
    }

    public Run in(String newState) {
        return with(id, status, verdict, programs, newState, capabilities, operations, access);
    }

    public Run ended(int newStatus) {
        OptionalInt ended = OptionalInt.of(newStatus);
        return with(id, ended, verdict, programs, state, capabilities, operations, access);
    }

    /** Returns this run with more that is known of the programs. */
    public Run with(List<ProgramEvidence> others) {
        return with(id, status, verdict, others, state, capabilities, operations, access);
    }

    /** Returns this run without what an exec into a container did. */
    public Run withoutExec() {
        return with(programs.stream().filter(program -> !program.exec()).toList());
    }

    /** Returns this run with what its programs may do. */
    public Run using(RunCapabilities others) {
        return with(id, status, verdict, programs, state, Optional.of(others), operations, access);
    }

    /** Returns this run with what its programs did through io_uring. */
    public Run submitting(Optional<RunOperations> others) {
        return with(id, status, verdict, programs, state, capabilities, others, access);
    }

    /** Returns this run with the files and addresses that its programs used. */
    public Run accessing(Optional<RunAccess> others) {
        return with(id, status, verdict, programs, state, capabilities, operations, others);
    }

    /** The files and addresses that the programs of these runs used; empty if none tells. */
    public static Optional<RunAccess> accessOf(List<Run> runs) {
        return RunAccess.together(runs.stream().flatMap(run -> run.access.stream()).toList());
    }

    public boolean isComplete() {
        return verdict instanceof Verdict.Complete;
    }

    public boolean isWindow() {
        return from.equals(Optional.of(FROM_WINDOW));
    }

    /** The number of records of all programs together. */
    public long records() {
        return programs.stream()
                .flatMap(program -> program.calls().stream())
                .mapToLong(CallEvidence::count)
                .sum();
    }

    /** Every distinct call of any program, by architecture and number. */
    public List<ObservedCall> calls() {
        return calls(programs);
    }

    /** Every distinct call of the container runtime. */
    public List<ObservedCall> runtimeCalls() {
        return calls(runtime);
    }

    /** Every distinct call of these programs, by architecture and number. */
    public static List<ObservedCall> calls(List<ProgramEvidence> programs) {
        TreeSet<ObservedCall> calls = new TreeSet<>();
        for (ProgramEvidence program : programs) {
            for (CallEvidence call : program.calls()) {
                calls.add(ObservedCall.of(program.auditArch(), call.number()));
            }
        }
        return List.copyOf(calls);
    }
}

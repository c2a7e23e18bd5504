// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.launch.LaunchRequest;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.process.ProcessMaps;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Required;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sighting;
import io.sandbox.evidence.Verdict;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.recorder.machine.ExecutableFacts;
import io.sandbox.recorder.machine.MachineFacts;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a target is to be run and recorded.
 *
 * @param command the program and its arguments, which are the last arguments of our command line
 * @param from where in the program's life the recording begins, and by what means
 * @param stdoutToStderr whether the program's standard output goes to standard error
 * @param keepOutput whether the output is shown only when the run has ended, so that it can be
 *     compared
 * @param filter what the program runs under
 * @param limit the time after which the program is asked to end; empty for no limit
 * @param detailed whether to find out where each call is made from
 * @param arguments how much to find out about the arguments of calls
 * @param tests whether to find out which tests make the calls
 * @param drive how the program is driven, if it is a server
 */
public record RunPlan(
        List<String> command,
        Arch arch,
        FilterStart from,
        boolean stdoutToStderr,
        boolean keepOutput,
        RunFilter filter,
        Optional<Duration> limit,
        boolean detailed,
        ArgumentDetail arguments,
        boolean tests,
        Optional<Drive> drive) {
    private static final int ID_BYTES = 16;

    public RunPlan {
        command = List.copyOf(command);
        Required.all(arch, from, filter, limit, drive);
    }

    /** How containers and services are recorded that others start. */
    public static RunPlan ofOthers(
            List<String> name,
            Arch arch,
            Optional<Duration> limit,
            boolean detailed,
            ArgumentDetail arguments) {
        return new RunPlan(
                name,
                arch,
                FilterStart.EXEC,
                false,
                false,
                RunFilter.LOG_ALL,
                limit,
                detailed,
                arguments,
                false,
                Optional.empty());
    }

    /** Whether it is known what the target does, so that nobody need watch it. */
    boolean isQuiet() {
        return !filter.showsAll() && drive.isEmpty();
    }

    /** Whether the filter shows where tests begin and end. */
    public boolean seesTests() {
        return TestMarks.areSeen(filter);
    }

    public RunPlan under(RunFilter newFilter) {
        return with(newFilter, limit, drive);
    }

    /**
     * This run in another state, in which it ends after a time, since the program may hang.
     *
     * @param driven whether it can still be driven there
     * @param idle how long it has nothing to do
     * @param busy how long it is exercised again and again
     * @param copy of the file systems, in which it is driven
     */
    RunPlan within(
            Duration most,
            boolean driven,
            Duration idle,
            Duration busy,
            Optional<SandboxExec.FileCopy> copy) {
        return driven && drive.isPresent()
                ? with(filter, limit, drive.map(each -> each.in(most, idle, busy, copy)))
                : with(filter, Optional.of(limit.orElse(most)), Optional.empty());
    }

    /** This run of a server that may not answer, so that its exercise is ended after a time. */
    RunPlan exercisedFor(Duration most) {
        return with(filter, limit, drive.map(each -> each.exercisedFor(most)));
    }

    private RunPlan with(
            RunFilter newFilter, Optional<Duration> newLimit, Optional<Drive> newDrive) {
        return new RunPlan(
                command,
                arch,
                from,
                stdoutToStderr,
                keepOutput,
                newFilter,
                newLimit,
                detailed,
                arguments,
                tests,
                newDrive);
    }

    /** This plan for a program of another name, which others start. */
    RunPlan named(String name) {
        return ofOthers(List.of(name), arch, limit, detailed, arguments).with(filter, limit, drive);
    }

    /** What {@code sandbox-exec} is to start, with this plan's filter in the form that it takes. */
    LaunchRequest request(byte[] encodedFilter) {
        LaunchRequest.Output output =
                stdoutToStderr ? LaunchRequest.Output.STDERR : LaunchRequest.Output.STDOUT;
        return new LaunchRequest(
                command.size(),
                keepOutput ? LaunchRequest.Output.KEEP : output,
                from,
                filter.enforced(),
                encodedFilter,
                drive.flatMap(Drive::ready).map(Readiness::variable).orElse(""));
    }

    EvidenceCollector beginEvidence(Instant started) {
        EvidenceCollector evidence =
                new EvidenceCollector(
                        started.toEpochMilli(),
                        detailed ? RunPlan::origin : sighting -> Optional.empty(),
                        arguments);
        if (from == FilterStart.ENTRY) {
            evidence.programEntered();
        }
        return evidence;
    }

    private static Optional<Origin> origin(Sighting sighting) {
        return ProcessMaps.queryOrigin(
                sighting.pid(),
                sighting.instructionPointer(),
                sighting.executable().orElse(""),
                sighting.timeMillis());
    }

    static String nextId() {
        return HexFormat.of().formatHex(ProbeNumber.random(ID_BYTES));
    }

    /** The evidence of processes that ran before the recording began. */
    static Run window(
            String source,
            Instant started,
            long millis,
            Verdict verdict,
            List<ProgramEvidence> programs,
            boolean detailed) {
        return new Run(
                nextId(),
                started,
                Math.max(0, millis),
                source,
                Optional.of(Run.FROM_WINDOW),
                List.of(),
                RunFilter.LOG_ALL,
                OptionalInt.empty(),
                verdict,
                MachineFacts.query(),
                detailed ? ExecutableFacts.complete(programs) : programs);
    }

    /**
     * The evidence of a run by this plan.
     *
     * @param source as {@code --source} names it
     * @param waitStatus how the program ended, as waitpid(2) reports it
     */
    Run recorded(
            String source,
            Instant started,
            long millis,
            int waitStatus,
            Verdict verdict,
            List<ProgramEvidence> programs) {
        return recorded(
                source,
                started,
                millis,
                OptionalInt.of(ExitCodes.ofWaitStatus(waitStatus)),
                verdict,
                detailed ? ExecutableFacts.complete(programs) : programs,
                List.of());
    }

    /**
     * The evidence of a run in a container, whose files are not where ours are.
     *
     * @param status the exit status, if there is one
     * @param runtime what the container runtime did in the container before the program
     */
    Run recorded(
            String source,
            Instant started,
            long millis,
            OptionalInt status,
            Verdict verdict,
            List<ProgramEvidence> programs,
            List<ProgramEvidence> runtime) {
        return new Run(
                nextId(),
                started,
                Math.max(0, millis),
                source,
                Optional.of(from.toString()),
                command,
                filter,
                status,
                verdict,
                MachineFacts.query(),
                programs,
                runtime,
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.EvidenceCollector;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.learned.ContainerRuntimes;
import io.sandbox.recorder.machine.ContainerRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The recording of one container or service, which has handed over the listener of its filter. For
 * one thread.
 */
final class ContainerRun {
    private static final int MOST_ANCESTORS = 4;

    /** The path that /proc shows for an unmounted file. crun executes itself from such a file. */
    private static final String DETACHED = "/";

    /** The path of a runtime's copy of itself in memory, which it executes. */
    private static final Pattern COPY = Pattern.compile("/memfd:(\\w+)_cloned:");

    private final int number;
    private final ContainerState state;
    private final boolean asks;
    private final RunPlan plan;
    private final Instant started = Instant.ofEpochMilli(System.currentTimeMillis());
    private final EvidenceCollector evidence;
    private final EvidenceCollector runtimeEvidence;
    private final AnsweredCalls calls;
    private final Waiter hangUp;
    private final boolean underOuterFilter;
    private final Optional<String> runtime;
    private boolean over;

    /**
     * @param number the number that {@code sandbox-exec} has given to the container
     * @param listener closed with this object
     * @param asks whether the filter asks about the calls; otherwise they are counted elsewhere
     */
    ContainerRun(
            int number,
            ContainerState state,
            CallListener listener,
            RunPlan plan,
            boolean asks,
            Waiters waiters) {
        this.number = number;
        this.state = state;
        this.asks = asks;
        this.plan = plan;
        runtime = state.fromRuntime() ? queryRuntime(state) : Optional.empty();
        evidence = plan.beginEvidence(started);
        runtimeEvidence = plan.beginEvidence(started);
        hangUp = waiters.withEndOfLast(listener.descriptor());
        underOuterFilter = ProcessStatus.query(state.process()).filters().orElse(1) > 1;
        listener.enableSyncWakeUp();
        boolean returnsAreSeen = !unseen().contains("rt_sigreturn");
        RuntimePhase phase =
                state.fromRuntime() ? new RuntimePhase(runtimeEvidence, returnsAreSeen) : null;
        calls = new AnsweredCalls(listener, plan, state.process(), evidence, null, phase);
    }

    int number() {
        return number;
    }

    String name() {
        return state.name();
    }

    boolean isExec() {
        return state.isExec();
    }

    EvidenceCollector evidence() {
        return evidence;
    }

    AnsweredCalls calls() {
        return calls;
    }

    /** How many processes made calls, of those that asked. */
    int processCount() {
        return asks ? calls.processCount() : 0;
    }

    /** Whether the kernel reports that the last process under the filter has ended. */
    boolean isOver() {
        over = over || hangUp.await(0);
        return over;
    }

    void awaitEnd() {
        while (!over) {
            over = hangUp.await(1000);
        }
    }

    /** The processes that have not ended. */
    Set<Integer> queryLiving() {
        return calls.queryLiving();
    }

    void signalAll(int signal) {
        calls.signalAll(signal);
    }

    /** Ends the recording with this exit status, if it is known, and returns the evidence. */
    Run end(OptionalInt status) {
        boolean running = !isOver();
        calls.stop();
        calls.refresh();
        return recording(status, running);
    }

    /** The recording until now. Until it is made, its calls wait. */
    Run soFar() {
        return calls.whileTheyWait(() -> recording(OptionalInt.empty(), !isOver()));
    }

    /** Those of the calls, and what else speaks against the recording. */
    static Signs signs(Signs ofCalls, boolean empty, boolean underOuterFilter, boolean running) {
        return ofCalls.addIf(empty, Sign.Kind.NOTHING_ASKED)
                .addIf(underOuterFilter, Sign.Kind.OUTER_FILTER)
                .addIf(running, Sign.Kind.WENT_ON);
    }

    private Run recording(OptionalInt status, boolean running) {
        // Our program can be ended before its first call, such as when its service stops.
        boolean begun = running && !state.isAgain() || state.fromRuntime();
        boolean empty = begun && asks && evidence.records() == 0 && plan.filter().showsAll();
        Signs signs = signs(calls.signs(), empty, underOuterFilter, running);
        long millis = System.currentTimeMillis() - started.toEpochMilli();
        String source = NotifyRecorder.SOURCE;
        Verdict verdict = Judge.judge(signs);
        List<ProgramEvidence> programs =
                evidence.programs().stream().map(program -> program.in(state.isExec())).toList();
        return state.isAgain()
                ? RunPlan.window(source, started, millis, verdict, programs, false)
                : planWithUnseen()
                        .recorded(
                                source,
                                started,
                                millis,
                                status,
                                verdict,
                                programs,
                                namedAfter(runtime, runtimeEvidence.programs()))
                        .accessing(calls.access());
    }

    private RunPlan planWithUnseen() {
        List<String> allowed = new ArrayList<>(plan.filter().allowed());
        allowed.addAll(unseen());
        return plan.under(new RunFilter(plan.filter().enforced(), allowed));
    }

    private List<String> unseen() {
        return runtime.filter(path -> asks)
                .map(path -> new ContainerRuntime(path, false).unseen())
                .orElse(List.of());
    }

    /**
     * Gives the runtime's name to all evidence from before the container's program. The runtime
     * executes a copy of itself, whose own name says nothing. For some calls the executable is not
     * even known, because the kernel has withdrawn the question: Go's scheduler sends a signal to a
     * thread that waits in execve for more than 10 ms.
     */
    static List<ProgramEvidence> namedAfter(
            Optional<String> executable, List<ProgramEvidence> programs) {
        if (executable.isEmpty()) {
            return programs;
        }
        String name = executable.get();
        return ProgramEvidence.merge(
                programs.stream().map(program -> program.named(name)).toList());
    }

    /** The name of the runtime whose executable this is, or a copy of it. */
    static String runtimeOf(String executable) {
        Matcher copy = COPY.matcher(executable);
        if (executable.equals(DETACHED)) {
            return "crun";
        }
        return copy.lookingAt() ? copy.group(1) : ContainerRuntimes.nameOf(executable);
    }

    /** Whether an executable is a runtime's copy of itself, which it executes. */
    static boolean isCopy(String executable) {
        return executable.equals(DETACHED) || COPY.matcher(executable).lookingAt();
    }

    /**
     * Finds the runtime's executable among the ancestors of the container's first process. The
     * runtime waits until that process has executed the program.
     */
    private static Optional<String> queryRuntime(ContainerState state) {
        int process = state.process();
        for (int i = 0; i < MOST_ANCESTORS && process > 1; i++) {
            String executable = ProcessStatus.queryExecutable(process).orElse("");
            Matcher copy = COPY.matcher(executable);
            boolean isCopy = copy.lookingAt();
            if (isCopy || executable.equals(DETACHED)) {
                List<String> words = ProcessStatus.queryWords(process);
                String word = isCopy ? copy.group(1) : words.isEmpty() ? "" : words.get(0);
                ContainerRuntime original = new ContainerRuntime(word, false);
                return Optional.of(original.file().map(Path::toString).orElse(word));
            }
            // The path of the first process may be one inside the container.
            boolean isInside = process == state.process() && !state.isAncestor();
            if (!isInside && Files.isRegularFile(Path.of(executable))) {
                return Optional.of(executable);
            }
            process = ProcessStatus.query(process).parent().orElse(0);
        }
        return Optional.empty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;

/** Makes runs with the outcomes that a test lists. */
final class ScriptedRecorder implements Recorder {
    final List<RunFilter> filters = new ArrayList<>();

    /** What each of the next runs shows, in words. */
    private final Queue<List<String>> outcomes = new ArrayDeque<>();

    private boolean endWasRequested;
    private long clock = 1_700_000_000_000L;

    /**
     * Adds runs, separated by semicolons. A run is the names or numbers of its calls, or a dash for
     * none, and what else happens: {@code lost}, {@code signal:N}, {@code status:N}, {@code late}
     * (its time is up), {@code stop:N} (its driver ended it by this signal), {@code trouble:KIND},
     * {@code other} (its output is another), {@code end} (the user wants to end) and {@code i386}.
     */
    ScriptedRecorder shows(String runs) {
        for (String run : runs.split(" *; *")) {
            outcomes.add(List.of(run.split(" ")));
        }
        return this;
    }

    int unused() {
        return outcomes.size();
    }

    private static CallEvidence call(int number) {
        return new CallEvidence(number, 1, 0, OptionalLong.empty(), Optional.empty());
    }

    private static Driven trouble(Driven.Kind kind) {
        return new Driven(0, Optional.of(new Driven.Trouble(kind, kind.toString())));
    }

    @Override
    public String sourceName() {
        return "fake";
    }

    @Override
    public Result record(RunPlan plan) {
        filters.add(plan.filter());
        List<String> words = outcomes.remove();
        endWasRequested |= words.contains("end");
        int waitStatus = 0;
        List<CallEvidence> calls = new ArrayList<>();
        Driven driven = Driven.NOT;
        for (String word : words) {
            String[] parts = word.split(":");
            switch (parts[0]) {
                case "signal" -> waitStatus = Integer.parseInt(parts[1]);
                case "status" -> waitStatus = Integer.parseInt(parts[1]) << 8;
                case "stop" -> driven = new Driven(Integer.parseInt(parts[1]), Optional.empty());
                case "trouble" -> driven = trouble(Driven.Kind.valueOf(parts[1]));
                case "-", "lost", "late", "other", "end", "i386" -> {}
                default ->
                        calls.add(
                                call(
                                        word.matches("[0-9]+")
                                                ? Integer.parseInt(word)
                                                : Evidence.number(word)));
            }
        }
        int arch = words.contains("i386") ? Evidence.I386 : Evidence.X86_64;
        clock += 1000;
        return new Result(
                plan.recorded(
                        sourceName(),
                        Instant.ofEpochMilli(clock),
                        1,
                        waitStatus,
                        words.contains("lost")
                                ? new Verdict.Incomplete(1, List.of("some were lost"))
                                : new Verdict.Complete(),
                        calls.isEmpty()
                                ? List.of()
                                : List.of(new ProgramEvidence("/bin/x", arch, calls))),
                waitStatus,
                1,
                false,
                words.contains("late"),
                List.of(),
                words.contains("other"),
                driven);
    }

    @Override
    public boolean endWasRequested() {
        return endWasRequested;
    }

    @Override
    public void close() {}
}

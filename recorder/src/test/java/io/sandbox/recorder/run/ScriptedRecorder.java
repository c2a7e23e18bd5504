// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.Signals;
import io.sandbox.syscalldb.Capability;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;

/** Makes runs with the outcomes that a test lists. */
final class ScriptedRecorder implements Recorder {
    final List<RunFilter> filters = new ArrayList<>();

    /** What each of the next runs shows, in words. */
    final Queue<List<String>> outcomes = new ArrayDeque<>();

    /** A capability that the target has, and does not use. */
    private static final long UNUSED = Capability.set(List.of("kill"));

    /** Which capabilities runs were to lack. */
    final List<String> lacked = new ArrayList<>();

    private boolean endWasRequested;
    private long clock = 1_700_000_000_000L;

    /**
     * Adds runs, separated by semicolons. A run is the names or numbers of its calls, or a dash for
     * none, and what else happens: {@code lost}, {@code signal:N}, {@code status:N}, {@code late}
     * (its time is up), {@code stop:N} (its driver ended it by this signal), {@code handles:NAMES}
     * (the same by SIGTERM, and it handles these signals), {@code trouble:KIND}, {@code other} (its
     * output is another), {@code end} (the user wants to end), {@code i386}, {@code unrun} (it
     * could not be started) and {@code caps:SET} (those that it was granted).
     */
    ScriptedRecorder shows(String runs) {
        for (String run : runs.split(" *; *")) {
            outcomes.add(List.of(run.split(" ")));
        }
        return this;
    }

    private static Driven trouble(Driven.Kind kind) {
        return new Driven(0, Optional.of(new Driven.Trouble(kind, kind.toString())), Map.of());
    }

    private static Driven ended(int signal, Map<String, Long> handled) {
        return new Driven(signal, Optional.empty(), handled);
    }

    private static Map<String, Long> handled(String names) {
        return Map.of(
                "/bin/x",
                Stream.of(names.split(","))
                        .mapToLong(name -> 1L << (Signals.parse(name) - 1))
                        .sum());
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
        Optional<RunCapabilities> used = Optional.empty();
        List<CallEvidence> calls = new ArrayList<>();
        Driven driven = Driven.NOT;
        for (String word : words) {
            String[] parts = word.split(":");
            switch (parts[0]) {
                case "signal" -> waitStatus = Integer.parseInt(parts[1]);
                case "status" -> waitStatus = Integer.parseInt(parts[1]) << 8;
                case "stop" -> driven = ended(Integer.parseInt(parts[1]), Map.of());
                case "handles" -> driven = ended(Signals.SIGTERM, handled(parts[1]));
                case "trouble" -> driven = trouble(Driven.Kind.valueOf(parts[1]));
                case "caps" -> used = Optional.of(granted(Long.parseLong(parts[1], 2)));
                case "unrun" -> throw CommandFailure.ownFailure(word);
                case "-", "lost", "late", "other", "end", "i386" -> {}
                default -> {
                    boolean isNumber = word.matches("[0-9]+");
                    int number = isNumber ? Integer.parseInt(word) : Evidence.number(word);
                    calls.add(new CallEvidence(number, 1, 0));
                }
            }
        }
        int arch = words.contains("i386") ? Evidence.I386 : Evidence.X86_64;
        clock += 1000;
        Verdict verdict = new Verdict.Complete();
        if (words.contains("lost")) {
            verdict = new Verdict.Incomplete(1, List.of("some were lost"));
        }
        ProgramEvidence program = new ProgramEvidence("/bin/x", arch, calls);
        List<ProgramEvidence> programs = calls.isEmpty() ? List.of() : List.of(program);
        Instant started = Instant.ofEpochMilli(clock);
        Run run = plan.recorded(sourceName(), started, 1, waitStatus, verdict, programs);
        return new Result(
                used.map(run::using).orElse(run),
                waitStatus,
                1,
                false,
                words.contains("late"),
                List.of(),
                words.contains("other"),
                driven);
    }

    private static RunCapabilities granted(long set) {
        return new RunCapabilities(
                Optional.empty(),
                set | UNUSED,
                List.of(
                        new RunCapabilities.OfProgram(
                                "/bin/x", Map.of(RunCapabilities.Use.GRANTED, set))));
    }

    @Override
    public boolean lack(long capability) {
        if (capability != 0) {
            lacked.addAll(Capability.names(capability));
        }
        return true;
    }

    @Override
    public boolean endWasRequested() {
        return endWasRequested;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.cli.recording.RunWords.seconds;
import static io.sandbox.evidence.drift.report.Wording.count;
import static io.sandbox.syscalldb.ObservedCall.names;

import io.sandbox.cli.lists.OtherList;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.recording.RecordedNames;
import io.sandbox.cli.recording.SignAdvice;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.evidence.Estimate;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.RunOperations;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedOperations;
import io.sandbox.outcome.Signals;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.recorder.run.Recorder;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.recorder.run.RunWarnings;
import io.sandbox.recorder.run.State;
import io.sandbox.recorder.run.Variation;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints to standard error, after the last run, the verdict, the doubts and the next step. */
final class LearnSummary {
    private final Console console;
    private final boolean quiet;
    private final boolean partial;
    private final boolean thorough;
    private final boolean merged;

    /** How to see the files and addresses that were used. */
    private final String whichAre;

    /** How to use what an interrupted series has shown. */
    private final String beginAgain;

    /** If it is {@code thorough}, {@link #sayWorth} says what was verified and what may come. */
    LearnSummary(ListOptions options, boolean thorough) {
        console = options.console();
        quiet = options.quiet.get();
        partial = options.partial.get();
        this.thorough = thorough;
        merged = options.merged.isGiven();
        whichAre = options.whichAre();
        beginAgain =
                options.recordingName()
                        .map("to begin again with what these runs showed, add --merge "::concat)
                        .orElse("the next time, --recording FILE keeps what such runs showed");
    }

    /** Prints one line on what the runs showed, then what they could not show. */
    void finish(LearnedCalls learned) {
        Recording recording = SignAdvice.in(learned.recording());
        boolean seen = learned.withoutConditions().isEmpty() || LearnedConditions.areIn(recording);
        tell(
                summary(learned)
                        + ": "
                        + recording.verdictWords()
                        + (seen ? "" : "; arguments not seen"));
        RunWarnings.query(recording).forEach(console::say);
        LearnedOperations.of(recording)
                .filter(each -> each.unrecorded().isEmpty())
                .ifPresent(this::sayOperations);
        Run.accessOf(recording.runs())
                .map(RunAccess::sentence)
                .ifPresent(sentence -> tell(sentence + whichAre));
        learned.inexpressible().stream()
                .collect(
                        Collectors.groupingBy(
                                ObservedCall::archName, TreeMap::new, Collectors.toList()))
                .forEach(this::sayInexpressible);
        if (!quiet && !thorough) {
            Estimate.of(recording)
                    .map(each -> each.sentence() + goOn(each))
                    .ifPresent(console::say);
        }
        Set<String> losses = new LinkedHashSet<>();
        for (Run lossy : recording.unhealed()) {
            if (lossy.verdict() instanceof Verdict.Incomplete incomplete) {
                losses.add(incomplete + inParentheses(advice(incomplete, lossy.source())));
            }
        }
        losses.forEach(console::say);
        for (String sentence : recording.missingStarts().sentences()) {
            console.say(sentence + inParentheses(startAdvice()));
        }
        if (!learned.withoutConditions().isEmpty()) {
            console.say(
                    "allowed with any arguments, because theirs are too many or not all known: "
                            + names(learned.withoutConditions())
                            + " (--source notify knows all"
                            + (LibC.geteuid() == 0
                                    ? ")"
                                    : ", and so does every source for root on Linux 6.1)"));
        }
        if (learned.doubt().isPresent()) {
            List<String> advice = new ArrayList<>();
            if (!partial) {
                advice.add("--partial prints it");
            }
            if (learned.series().endWasRequested()) {
                advice.add(beginAgain);
            }
            console.say(
                    (partial ? "the list is not proven: " : "no list: ")
                            + learned.doubt().get()
                            + inParentheses(advice));
        } else if (!quiet && !thorough && learned.series().last().run().filter().enforced()) {
            int times = learned.series().enforcedWell();
            console.say(
                    "verified: %s of %s under the list ended with the same status as without it%s"
                            .formatted(times, count(times, "run"), ends(learned.series())));
        }
    }

    private void sayOperations(LearnedOperations learned) {
        List<String> names = learned.used().names(RunOperations.Way.SUBMITTED);
        tell(
                "to allow no other operations, on Linux 7.0: sandbox run --io-uring "
                        + (names.isEmpty() ? "none" : String.join(",", names)));
    }

    /** How all runs ended, if none ended by itself. */
    private static String ends(RunSeries series) {
        String signals =
                series.results().stream()
                        .map(Recorder.Result::endSignal)
                        .distinct()
                        .map(signal -> signal == 0 ? "" : Signals.name(signal))
                        .sorted()
                        .collect(Collectors.joining(" or "));
        // An end of its own comes first, as an empty name.
        boolean always = !signals.isEmpty() && !signals.startsWith(" or ");
        return always ? " (each was ended by " + signals + ", and none in another way)" : "";
    }

    /** Says in five lines what a thorough procedure gives. */
    void sayWorth(LearnedCalls learned, Optional<Variation> variation, PolicyDocument list) {
        if (quiet) {
            return;
        }
        List<Recorder.Result> results = learned.series().results();
        long inStates = results.stream().filter(each -> !each.run().state().isEmpty()).count();
        List<String> states =
                variation.map(Variation::tried).orElse(List.of()).stream()
                        .map(State::name)
                        .toList();
        String in = ", %s of them in %s".formatted(inStates, count(states.size(), "state"));
        String tried = states.isEmpty() ? "" : in + ": " + String.join(" ", states);
        console.say(
                "thorough: " + count(results.size(), "run") + " with those under the list" + tried);
        String inThese =
                ", and %s in the states,".formatted(variation.map(Variation::verified).orElse(0));
        console.say(
                "verified: "
                        + count(learned.series().enforcedWell(), "run")
                        + " under the list as usual"
                        + (states.isEmpty() ? "" : inThese)
                        + " ended as without it"
                        + ends(learned.series()));
        Map<String, String> leftOut = new LinkedHashMap<>();
        variation
                .map(Variation::leftOut)
                .orElse(Map.of())
                .forEach((state, why) -> leftOut.merge(why, state, (a, b) -> a + " " + b));
        console.say(
                "not tried: code that no run reached (sandbox reach PROGRAM --policy LIST names its"
                        + " calls), another date (faketime DATE sandbox learn --merge RECORDING ..."
                        + " does that), a disk that fills while it runs (a small tmpfs does)"
                        + (variation.isEmpty()
                                ? ", and no state, since others start the program"
                                : "")
                        + leftOut.entrySet().stream()
                                .map(each -> "; " + each.getValue() + " (" + each.getKey() + ")")
                                .collect(Collectors.joining()));
        String again = String.join(",", variation.map(Variation::incomplete).orElse(Set.of()));
        if (!again.isEmpty()) {
            console.say(
                    "to try these again, perhaps with another --source: --thorough --vary="
                            + again
                            + " --merge RECORDING");
        }
        console.say(
                "may still come: "
                        + Estimate.of(learned.recording())
                                .map(each -> each.ofOneMore() + goOn(each))
                                .orElse("what these few runs did not show")
                        + "; of states that were not tried, nothing is known");
        console.say(
                "the list: %s calls, those of the runs and some for other runs and machines"
                        .formatted(list.rules().stream().map(Rule::call).distinct().count()));
        console.say(OtherList.worth(list, SyscallDb.get().nativeArch()));
    }

    /** What is to be said behind an estimate. */
    private static String goOn(Estimate estimate) {
        return estimate.isOpen() ? " (--until-quiet goes on until runs show none)" : "";
    }

    private static String summary(LearnedCalls learned) {
        Recording recording = learned.recording();
        Recorder.Result last = learned.series().last();
        int executables =
                (int)
                        recording.runs().stream()
                                .flatMap(run -> run.programs().stream())
                                .map(ProgramEvidence::executable)
                                .distinct()
                                .count();
        int runs = recording.runs().size();
        long records = recording.runs().stream().mapToLong(Run::records).sum();
        String in = count(executables, "executable");
        String extent =
                runs == 1
                        ? "of %s in %s, ".formatted(count(last.processes(), "process"), in)
                                + seconds(last.run())
                        : "in " + count(runs, "run") + " of " + in;
        String calls = count(recording.calls().size(), "syscall");
        return "%s, %s %s, source %s"
                .formatted(calls, count(records, "record"), extent, learned.source());
    }

    /** Says what {@code -q} leaves out. */
    void tell(String sentence) {
        if (!quiet) {
            console.say(sentence);
        }
    }

    /** Tells which calls no run on this machine can show. */
    void sayUnseen(Set<String> names) {
        if (!quiet && !names.isEmpty()) {
            console.say(
                    "cannot be recorded here, because the vDSO answers them: "
                            + String.join(" ", names)
                            + " (--portable adds them, and calls of other C libraries)");
        }
    }

    /**
     * Warns about a list that may work today and kill tomorrow, or tells what is done against it.
     *
     * @param programs paths of the executables that have threads
     * @param lacking the calls that such programs make by chance and that no run showed
     * @param added whether the list has them all the same
     */
    void sayChanceCalls(
            Set<String> programs, List<String> command, Set<String> lacking, boolean added) {
        if (!quiet && !programs.isEmpty() && !lacking.isEmpty()) {
            String form =
                    (programs.size() == 1
                                    ? "%s has threads, and its runtime makes"
                                    : "%s have threads, and their runtimes make")
                            + " some calls by chance; "
                            + (added
                                    ? "added, though no run made them: %s (--exact leaves them out)"
                                    : "not in the list are: %s (--chance-calls adds them)");
            String names =
                    programs.stream()
                            .map(path -> programName(path, command))
                            .collect(Collectors.joining(", "));
            console.say(form.formatted(names, String.join(" ", lacking)));
        }
    }

    /** A link can have a name that tells more: redis-server leads to redis-check-rdb. */
    private static String programName(String path, List<String> command) {
        return path.isEmpty()
                ? "a program"
                : RecordedNames.linkTo(path, command)
                        .map(link -> ShellQuote.quote(link) + " (" + ShellQuote.quote(path) + ")")
                        .orElse(ShellQuote.quote(path));
    }

    /** Warns about what a program does at signals that no run sent. */
    void sayUnsent(String path, Set<String> names, List<String> command) {
        tell(
                programName(path, command)
                        + " handles "
                        + String.join(" ", names)
                        + ", which no run"
                        + (merged ? " here" : "")
                        + " sent, so the calls that these bring may not be in the list ("
                        + (thorough ? "" : "--thorough sends most; ")
                        + "--reload SIGNAL sends one, with --merge RECORDING in a further run)");
    }

    private List<String> advice(Verdict.Incomplete incomplete, String source) {
        List<String> advice = new ArrayList<>();
        if (incomplete.lost() > 0) {
            advice.add(
                    source.equals("kmsg")
                            ? "try --source audit, or --until-quiet"
                            : "try --until-quiet");
        }
        if (!partial) {
            advice.add("--partial prints the list so far");
        }
        return advice;
    }

    private List<String> startAdvice() {
        String longer = "have the program serve until --duration or Ctrl-C ends it";
        return partial ? List.of(longer) : List.of(longer, "--partial prints the list so far");
    }

    private static String inParentheses(List<String> texts) {
        return texts.isEmpty() ? "" : " (" + String.join("; ", texts) + ")";
    }

    private void sayInexpressible(String arch, List<ObservedCall> calls) {
        List<String> advice = new ArrayList<>();
        if (calls.stream().anyMatch(call -> call.number() < 0)) {
            advice.add("no list can hold a negative number");
        } else {
            advice.add("a list is for one architecture; enforced, the program would die there");
            advice.add("--per-exe prints one for each");
        }
        if (!partial) {
            advice.add("--partial prints the rest");
        }
        String list = partial ? "not in the list: these" : "no list: these";
        String which = " calls of " + arch + " do not fit into one: " + names(calls);
        console.say(list + which + inParentheses(advice));
    }

    /** Tells how to enforce the list. {@code what} is to be typed or done. */
    void nextStep(String what) {
        tell("to enforce it: " + what);
    }

    void nextStepOfEach() {
        tell(
                "to enforce one of the lists, put its line into a file: sandbox run --policy FILE"
                        + " PROGRAM (what PROGRAM starts is under the same list)");
    }
}

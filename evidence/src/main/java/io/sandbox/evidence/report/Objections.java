// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.Estimate;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.learned.ChanceCalls;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.evidence.learned.Portability;
import io.sandbox.evidence.report.Objection.Weight;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds what speaks against relying on the list of a recording, and what speaks for it. */
final class Objections {
    /** Above this chance of a new call, it is worth a word of caution. */
    private static final double HIGH_CHANCE = 0.25;

    private final ReportSources sources;
    private final Recording recording;
    private final ReportModel model;
    private final List<Objection> found = new ArrayList<>();

    private Objections(ReportSources sources, ReportModel model) {
        this.sources = sources;
        this.recording = sources.recording();
        this.model = model;
    }

    /** The heaviest first. */
    static List<Objection> of(ReportSources sources, ReportModel model) {
        Objections objections = new Objections(sources, model);
        objections.addGaps();
        objections.addRuns();
        objections.addUnseen();
        objections.addRisks();
        objections.found.sort(Comparator.comparing(Objection::weight));
        return List.copyOf(objections.found);
    }

    private void add(Weight weight, String sentence) {
        found.add(new Objection(weight, sentence));
    }

    private void addGaps() {
        List<Run> runs = recording.runs();
        if (runs.isEmpty()) {
            add(Weight.SERIOUS, "The recording has no runs.");
        }
        Map<String, List<String>> numbers = new LinkedHashMap<>();
        for (Run run : recording.unhealed()) {
            numbers.computeIfAbsent(run.verdict().toString(), verdict -> new ArrayList<>())
                    .add(Integer.toString(runs.indexOf(run) + 1));
        }
        numbers.forEach(
                (verdict, those) -> {
                    String form = those.size() == 1 ? "Run %s is %s." : "Runs %s are %s.";
                    add(Weight.SERIOUS, form.formatted(String.join(", ", those), verdict));
                });
        sources.doubts().forEach(doubt -> add(Weight.SERIOUS, Units.sentence(doubt)));
        List<ObservedCall> foreign =
                LearnedPolicy.of(recording.calls(), sources.arch()).inexpressible();
        if (!foreign.isEmpty()) {
            String calls =
                    foreign.stream()
                            .map(call -> call.displayName() + " of " + call.archName())
                            .collect(Collectors.joining(", "));
            String not = "One list cannot hold these calls, which are not of %s: %s.";
            add(Weight.SERIOUS, not.formatted(sources.arch().name(), calls));
        }
        recording
                .missingStarts()
                .sentences()
                .forEach(sentence -> add(Weight.SERIOUS, Units.sentence(sentence)));
    }

    private void addRuns() {
        Set<String> warnings = new LinkedHashSet<>(recording.reservations());
        warnings.addAll(sources.warnings());
        warnings.forEach(warning -> add(Weight.CAUTION, Units.sentence(warning)));
        long failed =
                recording.runs().stream()
                        .filter(run -> run.state().isEmpty()) // there it may have to fail
                        .filter(run -> run.status().orElse(0) != 0)
                        .count();
        if (failed > 0) {
            add(
                    Weight.CAUTION,
                    Units.count(failed, "run")
                            + " ended with an error or by a signal: what the program would have"
                            + " done after that is not here.");
        }
        Optional<Estimate> estimate = Estimate.of(recording);
        if (estimate.isPresent()) {
            boolean high = estimate.get().upperBound() > HIGH_CHANCE;
            add(high ? Weight.CAUTION : Weight.NOTE, Units.sentence(estimate.get().sentence()));
        } else if (!recording.runs().isEmpty()) {
            add(
                    Weight.CAUTION,
                    "There are not two complete runs of one command, so nothing tells how likely"
                            + " another call is"
                            + NextSteps.after(sources.next().repeat())
                            + ".");
        }
        Set<String> states = states(recording, Run::isComplete);
        if (states.isEmpty() && !recording.runs().isEmpty()) {
            add(
                    Weight.CAUTION,
                    "It was not tried in other states, such as a full disk, without a terminal or"
                            + " after a crash"
                            + NextSteps.after(sources.next().states())
                            + ".");
        }
        states.removeAll(states(recording, Objections::wentWell));
        if (!states.isEmpty()) {
            add(
                    Weight.CAUTION,
                    "In these states it has not been run under this list: "
                            + String.join(", ", states)
                            + ".");
        }
        if (verified() == 0) {
            add(
                    Weight.CAUTION,
                    "The program has not been run under this list yet"
                            + NextSteps.after(sources.next().verify())
                            + ".");
        }
    }

    private void addUnseen() {
        Set<String> listed = new TreeSet<>(sources.listed());
        recording.calls().forEach(call -> call.listEntry(sources.arch()).ifPresent(listed::add));
        Set<String> threads = ChanceCalls.programsWithThreads(recording);
        Set<String> chance = ChanceCalls.additions(listed, sources.arch()).keySet();
        if (!threads.isEmpty() && !chance.isEmpty()) {
            add(
                    Weight.CAUTION,
                    String.format(
                            "%s%s threads, and runtimes make some calls by chance. These runs did"
                                    + " not show %s%s.",
                            programs(threads),
                            threads.size() == 1 ? " has" : " have",
                            String.join(", ", chance),
                            NextSteps.after(sources.next().chanceCalls())));
        }
        Set<String> vdso = Portability.answeredByVdso(listed, sources.arch());
        if (!vdso.isEmpty()) {
            add(
                    Weight.NOTE,
                    "The vDSO may have answered these calls, so that no recording can show them: "
                            + String.join(", ", vdso)
                            + NextSteps.after(sources.next().portable())
                            + ".");
        }
    }

    private static String programs(Set<String> paths) {
        List<String> names =
                paths.stream()
                        .limit(3)
                        .map(path -> path.isEmpty() ? "A program" : Units.shortened(path))
                        .toList();
        int more = paths.size() - names.size();
        return String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
    }

    private void addRisks() {
        List<String> high =
                model.calls().stream()
                        .filter(CallRow::isHigh)
                        .map(row -> row.call().displayName())
                        .toList();
        if (!high.isEmpty()) {
            add(
                    Weight.NOTE,
                    String.format(
                            "The runs made %s of high risk: %s.",
                            Units.count(high.size(), "call"), String.join(", ", high)));
        }
    }

    /** How many runs at the end went well with the list enforced. */
    private int verified() {
        int verified = 0;
        for (Run run : recording.runs()) {
            verified = wentWell(run) ? verified + 1 : 0;
        }
        return verified;
    }

    private static boolean wentWell(Run run) {
        return run.filter().enforced() && run.isComplete() && run.records() == 0;
    }

    /** The states of a series in which such runs were. */
    private static Set<String> states(Recording recording, Predicate<Run> which) {
        return recording.runs().stream()
                .filter(which)
                .map(Run::state)
                .filter(state -> !state.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What speaks for the list, one sentence each. */
    static List<String> reasonsToRely(ReportSources sources, ReportModel model) {
        Objections objections = new Objections(sources, model);
        List<String> reasons = new ArrayList<>();
        List<Run> runs = sources.recording().runs();
        if (!runs.isEmpty() && sources.recording().unhealed().isEmpty()) {
            long filled = runs.stream().filter(run -> !run.isComplete()).count();
            String lost =
                    filled == 0
                            ? "nothing was lost in " + Units.count(runs.size(), "run")
                            : "later runs filled the gaps of "
                                    + Units.count(filled, "incomplete run");
            reasons.add("Every call of every process is here: " + lost + ".");
        }
        int quiet = 0;
        Set<ObservedCall> known = new TreeSet<>();
        for (Run run : runs) {
            int counted = run.isComplete() ? 1 : 0;
            quiet = known.addAll(run.calls()) ? 0 : quiet + counted;
        }
        if (quiet > 1) {
            reasons.add("The last " + quiet + " complete runs showed no new call.");
        }
        int verified = objections.verified();
        if (verified > 0) {
            reasons.add(
                    "The last "
                            + (verified == 1 ? "run" : verified + " runs")
                            + " went through with the list enforced.");
        }
        Set<String> states = states(sources.recording(), Run::isComplete);
        if (!states.isEmpty()) {
            reasons.add(
                    "It was tried in %s: %s."
                            .formatted(
                                    Units.count(states.size(), "state"),
                                    String.join(", ", states)));
        }
        if (!model.calls().isEmpty() && model.calls().stream().noneMatch(CallRow::isHigh)) {
            reasons.add("No call of the list is of high risk.");
        }
        return reasons;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.NamesOfProgram;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.RunAccess.Use;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.report.GrowthSection.Step;
import io.sandbox.evidence.report.ProgramRow.InPhase;
import io.sandbox.evidence.report.ProgramRow.Sighting;
import io.sandbox.evidence.report.ReachShown.ReachedCall;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What people look up once they have seen the rest: programs, runs, and what no run showed. */
final class DetailSections {
    static final int MOST_PROGRAMS = 200;
    static final int MOST_RUNS = 500;
    private static final int MOST_NAMES = 500;

    static List<Map<String, Object>> programs(ReportModel model) {
        Map<ObservedCall, CallRow> rows =
                model.calls().stream().collect(Collectors.toMap(CallRow::call, row -> row));
        return model.programs().stream()
                .limit(MOST_PROGRAMS)
                .map(program -> program(program, rows, model.programs().size() == 1))
                .toList();
    }

    private static Map<String, Object> program(
            ProgramRow program, Map<ObservedCall, CallRow> rows, boolean isOnly) {
        List<Sighting> all = program.sightings();
        List<Sighting> own =
                all.stream().filter(each -> rows.get(each.call()).programs().size() == 1).toList();
        long records = program.records();
        String about =
                Units.count(all.size(), "system call")
                        + ", made "
                        + (records == 1 ? "once" : Units.number(records) + " times")
                        + ", "
                        + ObservedCall.archName(program.auditArch())
                        + program.libc().map(libc -> ", " + Units.shortened(libc)).orElse("");
        List<Sighting> startOnly = all.stream().filter(Sighting::startOnly).toList();
        return Map.of(
                "path",
                program.shownPath(),
                "isOnly",
                isOnly,
                "about",
                about,
                "phases",
                program.byPhase().stream().map(each -> phase(each, rows)).toList(),
                "startOnly",
                Sighting.names(startOnly),
                "own",
                isOnly ? "" : Sighting.names(own));
    }

    private static Map<String, Object> phase(InPhase phase, Map<ObservedCall, CallRow> rows) {
        List<Map<String, Object>> sightings = new ArrayList<>();
        for (Sighting each : phase.sightings()) {
            boolean isHigh = rows.get(each.call()).isHigh();
            sightings.add(Map.of("name", each.call().displayName(), "isHigh", isHigh));
        }
        return Map.of("phase", phase.phase(), "sightings", sightings);
    }

    static Map<String, Object> access(RunAccess access) {
        List<Map<String, Object>> programs = new ArrayList<>();
        for (NamesOfProgram<Use> program : access.programs()) {
            List<Map<String, Object>> uses = new ArrayList<>();
            for (Use use : Use.values()) {
                List<String> names = program.names(use);
                if (!names.isEmpty()) {
                    List<String> shown =
                            names.stream().limit(MOST_NAMES).map(Units::shortened).toList();
                    int left = names.size() - shown.size();
                    String more = left == 0 ? "" : "and " + Units.number(left) + " more";
                    uses.add(Map.of("done", use.done(), "names", shown, "more", more));
                }
            }
            programs.add(Map.of("path", ProgramRow.shownPath(program.executable()), "uses", uses));
        }
        return Map.of("sentence", Units.sentence(access.sentence()), "programs", programs);
    }

    static Map<String, Object> run(Step step) {
        Run run = step.run();
        return Map.of(
                "started", run.started().toString().replace('T', ' ').replace("Z", ""),
                "time", Units.time(run.millis()),
                "status", run.status().isPresent() ? run.status().getAsInt() : "–",
                "statusStyle", run.status().orElse(0) == 0 ? "num" : "num bad",
                "calls", run.calls().size(),
                "added", step.added().size(),
                "records", Units.number(run.records()),
                "style", run.isComplete() ? "" : "bad",
                "remarks", String.join("; ", remarks(run)));
    }

    private static List<String> remarks(Run run) {
        List<String> remarks = new ArrayList<>();
        if (run.verdict() instanceof Verdict.Incomplete incomplete) {
            remarks.add(incomplete.toString());
        } else {
            remarks.add("complete: nothing was lost");
        }
        if (run.filter().enforced()) {
            remarks.add("under the list");
        } else if (!run.filter().showsAll()) {
            remarks.add("only calls that were not known were recorded");
        }
        if (run.isWindow()) {
            remarks.add("of processes that ran already");
        }
        remarks.addAll(run.verdict().reservations());
        return remarks;
    }

    static Map<String, Object> reach(ReachShown reach) {
        List<ReachedCall> open =
                reach.calls().stream()
                        .filter(ReachedCall::isOpen)
                        .sorted(
                                Comparator.comparing(DetailSections::level)
                                        .thenComparing(ReachedCall::name))
                        .toList();
        String are = open.size() == 1 ? " is its own and was" : " are its own and were";
        return Map.of(
                "program", Units.shortened(reach.program()),
                "calls", Units.count(reach.calls().size(), "call"),
                "floor", reach.calls().stream().filter(ReachedCall::floor).count(),
                "seen", reach.calls().stream().filter(ReachedCall::seen).count(),
                "openWords", open.size() + are,
                "remarks", reach.remarks().stream().map(Units::sentence).toList(),
                "hasOpen", !open.isEmpty(),
                "open", open.stream().map(DetailSections::open).toList());
    }

    private static Map<String, Object> open(ReachedCall call) {
        return Map.of(
                "name", call.name(),
                "risk", level(call).word(),
                "path", Units.shortened(call.path()),
                "exercise", call.exercise().orElse("–"));
    }

    private static Risk.Level level(ReachedCall call) {
        return SyscallFacts.level(SyscallDb.get().facts(call.name()));
    }
}

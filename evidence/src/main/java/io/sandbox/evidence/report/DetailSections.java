// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.Run;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.report.GrowthSection.Step;
import io.sandbox.evidence.report.ProgramRow.Sighting;
import io.sandbox.evidence.report.ReportSources.PolicyText;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What people look up once they have seen the rest: programs, policies, runs. */
final class DetailSections {
    static final int MOST_PROGRAMS = 200;
    private static final int MOST_RUNS = 500;

    private final Html html;
    private final ReportSources sources;
    private final ReportModel model;

    DetailSections(Html html, ReportSources sources, ReportModel model) {
        this.html = html;
        this.sources = sources;
        this.model = model;
    }

    void writePrograms() {
        html.open("section", "id", "programs", "aria-labelledby", "programs-title").line();
        html.element("h2", "Executables", "id", "programs-title");
        html.element(
                "p",
                "The calls of each executable, in the order in which they were first seen. Only at"
                        + " start: made before the first call of serving, and not recorded later. A"
                        + " program inherits filters, so its list must also hold the lists of the"
                        + " programs that it starts.",
                "class",
                "lead");
        List<ProgramRow> programs = model.programs();
        Map<ObservedCall, CallRow> rows = new TreeMap<>();
        model.calls().forEach(row -> rows.put(row.call(), row));
        int shown = Math.min(programs.size(), MOST_PROGRAMS);
        for (ProgramRow program : programs.subList(0, shown)) {
            program(program, rows, programs.size() == 1);
        }
        sayMore(programs.size() - shown, "executable");
        html.close("section").line();
    }

    private void sayMore(int more, String noun) {
        if (more > 0) {
            html.element(
                    "p",
                    "The recording has "
                            + Units.count(more, noun)
                            + " more, which would make this page too long.",
                    "class",
                    "muted");
        }
    }

    private void program(ProgramRow program, Map<ObservedCall, CallRow> rows, boolean isOnly) {
        html.open("details", "class", "program", "open", isOnly ? "open" : null);
        html.open("summary").name(program.shownPath());
        html.element(
                "span",
                Units.count(program.sightings().size(), "system call")
                        + ", made "
                        + (program.records() == 1
                                ? "once"
                                : Units.number(program.records()) + " times")
                        + ", "
                        + ObservedCall.archName(program.auditArch())
                        + program.libc().map(libc -> ", " + Html.shortened(libc)).orElse(""),
                "class",
                "muted");
        html.close("summary").line();
        html.open("dl", "class", "phases");
        program.byPhase()
                .forEach(
                        (phase, calls) -> {
                            html.element("dt", phase.word()).open("dd", "class", "words");
                            for (Sighting each : calls) {
                                boolean high = rows.get(each.call()).isHigh();
                                html.element(
                                        high ? "strong" : "code",
                                        each.call().displayName(),
                                        "class",
                                        high ? "high" : null,
                                        "title",
                                        high ? "high risk" : null);
                                html.text(" ");
                            }
                            html.close("dd").line();
                        });
        List<Sighting> startOnly =
                program.sightings().stream().filter(Sighting::startOnly).toList();
        if (!startOnly.isEmpty()) {
            html.element("dt", "only at start").open("dd", "class", "words");
            html.element("code", Sighting.names(startOnly)).close("dd");
        }
        List<String> own =
                program.sightings().stream()
                        .map(Sighting::call)
                        .filter(call -> rows.get(call).programs().size() == 1)
                        .map(ObservedCall::displayName)
                        .toList();
        if (model.programs().size() > 1 && !own.isEmpty()) {
            html.element("dt", "no other makes").open("dd", "class", "words");
            html.element("code", String.join(" ", own)).close("dd");
        }
        html.close("dl", "details").line();
    }

    void writePolicies() {
        html.open("section", "id", "policy", "aria-labelledby", "policy-title").line();
        html.element("h2", "The policy", "id", "policy-title");
        if (sources.policies().isEmpty()) {
            html.element(
                    "p",
                    "There is no list, because the recording is not fit for one. The verdict says"
                            + " why.",
                    "class",
                    "lead");
        } else {
            html.element(
                    "p",
                    "The list of all runs in each format. Copy the one that your tool takes. A"
                            + " program that makes a call that is not in the list is killed, unless"
                            + " a format says otherwise below.",
                    "class",
                    "lead");
        }
        boolean first = true;
        for (PolicyText policy : sources.policies()) {
            policy(policy, first);
            first = false;
        }
        html.close("section").line();
    }

    private void policy(PolicyText policy, boolean open) {
        html.open("details", "class", "policy", "open", open ? "open" : null);
        html.open("summary").element("code", policy.format());
        html.element("span", policy.about(), "class", "muted").close("summary").line();
        if (!policy.losses().isEmpty()) {
            html.element("p", "What this format says otherwise, or not at all:", "class", "muted")
                    .open("ul");
            policy.losses().forEach(loss -> html.element("li", loss));
            html.close("ul").line();
        }
        if (!policy.text().isEmpty()) {
            html.element("p", "Use: " + policy.use(), "class", "muted");
            html.open("div", "class", "copying");
            html.element(
                    "button",
                    "Copy",
                    "type",
                    "button",
                    "class",
                    "copy",
                    "aria-label",
                    "Copy the policy of format " + policy.format());
            html.element("span", "", "role", "status");
            html.close("div");
            html.open("pre", "tabindex", 0, "aria-label", "Policy of format " + policy.format());
            html.lines(policy.text()).close("pre");
        }
        html.close("details").line();
    }

    void writeRuns(List<Step> steps) {
        html.open("section", "id", "runs", "aria-labelledby", "runs-title").line();
        html.element("h2", "Runs, warnings and losses", "id", "runs-title");
        int shown = Math.min(steps.size(), MOST_RUNS);
        html.open("div", "class", "scroll", "tabindex", 0, "role", "region");
        html.open("table", "class", "plain");
        html.element("caption", "All runs, in the order of their start", "class", "hidden");
        html.open("thead").open("tr");
        for (String title :
                List.of("Run", "Started (UTC)", "Time", "Status", "Calls", "New", "Records")) {
            html.element("th", title, "scope", "col");
        }
        html.element("th", "How, and what is missing", "scope", "col");
        html.close("tr", "thead").open("tbody").line();
        for (int i = 0; i < shown; i++) {
            run(i + 1, steps.get(i));
        }
        html.close("tbody", "table", "div").line();
        sayMore(steps.size() - shown, "run");
        runtimes();
        html.close("section").line();
    }

    private void run(int number, Step step) {
        Run run = step.run();
        html.open("tr");
        html.element("th", number, "scope", "row", "class", "num");
        html.element("td", run.started().toString().replace('T', ' ').replace("Z", ""));
        html.element("td", Units.time(run.millis()), "class", "num");
        html.element(
                "td",
                run.status().isPresent() ? run.status().getAsInt() : "–",
                "class",
                run.status().orElse(0) == 0 ? "num" : "num bad");
        html.element("td", run.calls().size(), "class", "num");
        html.element("td", step.added().size(), "class", "num");
        html.element("td", Units.number(run.records()), "class", "num");
        html.open("td", "class", run.isComplete() ? null : "bad");
        html.text(String.join("; ", remarks(run))).close("td", "tr").line();
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

    private void runtimes() {
        List<ObservedCall> calls =
                sources.recording().runs().stream()
                        .flatMap(run -> run.runtimeCalls().stream())
                        .distinct()
                        .sorted()
                        .toList();
        if (!calls.isEmpty()) {
            html.element("h3", "Calls of the container runtime");
            html.element(
                    "p",
                    "It made these under the container's filter, before the program was executed."
                            + " They are not the program's.");
            html.open("p", "class", "words").element("code", GrowthSection.names(calls)).close("p");
        }
    }
}

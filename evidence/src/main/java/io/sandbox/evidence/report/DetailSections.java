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
        html.add(
                """
                <section id='programs' aria-labelledby='programs-title'>
                <h2 id='programs-title'>Executables</h2>\
                <p class='lead'>The calls of each executable, in the order in which they were first \
                seen. Only at start: made before the first call of serving, and not recorded later. \
                A program inherits filters, so its list must also hold the lists of the programs \
                that it starts.</p>\
                """);
        List<ProgramRow> programs = model.programs();
        Map<ObservedCall, CallRow> rows = new TreeMap<>();
        model.calls().forEach(row -> rows.put(row.call(), row));
        int shown = Math.min(programs.size(), MOST_PROGRAMS);
        for (ProgramRow program : programs.subList(0, shown)) {
            program(program, rows, programs.size() == 1);
        }
        sayMore(programs.size() - shown, "executable");
        html.add("</section>\n");
    }

    private void sayMore(int more, String noun) {
        if (more > 0) {
            html.add(
                    "<p class='muted'>The recording has %s more, which would make this page too"
                            + " long.</p>",
                    Units.count(more, noun));
        }
    }

    private void program(ProgramRow program, Map<ObservedCall, CallRow> rows, boolean isOnly) {
        html.add(isOnly ? "<details class='program' open='open'>" : "<details class='program'>");
        html.add("<summary>").name(program.shownPath());
        html.add(
                "<span class='muted'>%s, made %s, %s%s</span></summary>\n",
                Units.count(program.sightings().size(), "system call"),
                program.records() == 1 ? "once" : Units.number(program.records()) + " times",
                ObservedCall.archName(program.auditArch()),
                program.libc().map(libc -> ", " + Html.shortened(libc)).orElse(""));
        html.add("<dl class='phases'>");
        program.byPhase()
                .forEach(
                        (phase, calls) -> {
                            html.add("<dt>%s</dt><dd class='words'>", phase.word());
                            for (Sighting each : calls) {
                                html.add(
                                        rows.get(each.call()).isHigh()
                                                ? "<strong class='high' title='high"
                                                        + " risk'>%s</strong> "
                                                : "<code>%s</code> ",
                                        each.call().displayName());
                            }
                            html.add("</dd>\n");
                        });
        List<Sighting> startOnly =
                program.sightings().stream().filter(Sighting::startOnly).toList();
        if (!startOnly.isEmpty()) {
            words("only at start", Sighting.names(startOnly));
        }
        List<String> own =
                program.sightings().stream()
                        .map(Sighting::call)
                        .filter(call -> rows.get(call).programs().size() == 1)
                        .map(ObservedCall::displayName)
                        .toList();
        if (model.programs().size() > 1 && !own.isEmpty()) {
            words("no other makes", String.join(" ", own));
        }
        html.add("</dl></details>\n");
    }

    private void words(String title, String words) {
        html.add("<dt>%s</dt><dd class='words'><code>%s</code></dd>", title, words);
    }

    void writePolicies() {
        html.add(
                """
                <section id='policy' aria-labelledby='policy-title'>
                <h2 id='policy-title'>The policy</h2><p class='lead'>%s</p>\
                """,
                sources.policies().isEmpty()
                        ? "There is no list, because the recording is not fit for one. The verdict"
                                + " says why."
                        : "The list of all runs in each format. Copy the one that your tool takes."
                                + " A program that makes a call that is not in the list is killed,"
                                + " unless a format says otherwise below.");
        boolean first = true;
        for (PolicyText policy : sources.policies()) {
            policy(policy, first);
            first = false;
        }
        html.add("</section>\n");
    }

    private void policy(PolicyText policy, boolean open) {
        html.add(open ? "<details class='policy' open='open'>" : "<details class='policy'>");
        html.add(
                "<summary><code>%s</code><span class='muted'>%s</span></summary>\n",
                policy.format(), policy.about());
        if (!policy.losses().isEmpty()) {
            html.add("<p class='muted'>What this format says otherwise, or not at all:</p><ul>");
            policy.losses().forEach(loss -> html.add("<li>%s</li>", loss));
            html.add("</ul>\n");
        }
        if (!policy.text().isEmpty()) {
            html.add(
                    """
                    <p class='muted'>Use: %s</p><div class='copying'>\
                    <button type='button' class='copy' aria-label='Copy the policy of format %s'>\
                    Copy</button><span role='status'></span></div>\
                    <pre tabindex='0' aria-label='Policy of format %s'>\
                    """,
                    policy.use(), policy.format(), policy.format());
            html.lines(policy.text()).add("</pre>");
        }
        html.add("</details>\n");
    }

    void writeRuns(List<Step> steps) {
        html.add(
                """
                <section id='runs' aria-labelledby='runs-title'>
                <h2 id='runs-title'>Runs, warnings and losses</h2>\
                <div class='scroll' tabindex='0' role='region'><table class='plain'>\
                <caption class='hidden'>All runs, in the order of their start</caption><thead><tr>\
                """);
        int shown = Math.min(steps.size(), MOST_RUNS);
        for (String title :
                List.of(
                        "Run",
                        "Started (UTC)",
                        "Time",
                        "Status",
                        "Calls",
                        "New",
                        "Records",
                        "How, and what is missing")) {
            html.add("<th scope='col'>%s</th>", title);
        }
        html.add("</tr></thead><tbody>\n");
        for (int i = 0; i < shown; i++) {
            run(i + 1, steps.get(i));
        }
        html.add("</tbody></table></div>\n");
        sayMore(steps.size() - shown, "run");
        runtimes();
        html.add("</section>\n");
    }

    private void run(int number, Step step) {
        Run run = step.run();
        html.add(
                """
                <tr><th scope='row' class='num'>%s</th><td>%s</td><td class='num'>%s</td>\
                <td class='%s'>%s</td><td class='num'>%s</td><td class='num'>%s</td>\
                <td class='num'>%s</td><td class='%s'>%s</td></tr>
                """,
                number,
                run.started().toString().replace('T', ' ').replace("Z", ""),
                Units.time(run.millis()),
                run.status().orElse(0) == 0 ? "num" : "num bad",
                run.status().isPresent() ? run.status().getAsInt() : "–",
                run.calls().size(),
                step.added().size(),
                Units.number(run.records()),
                run.isComplete() ? "" : "bad",
                String.join("; ", remarks(run)));
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
            html.add(
                    """
                    <h3>Calls of the container runtime</h3><p>It made these under the \
                    container&#39;s filter, before the program was executed. They are not the \
                    program&#39;s.</p><p class='words'><code>%s</code></p>\
                    """,
                    GrowthSection.names(calls));
        }
    }
}

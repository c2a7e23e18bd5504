// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.report.ReachShown.ReachedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.Risk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table of all calls, which the page's script sorts and filters. */
final class CallsSection {
    private static final int MOST_NAMES = 3;
    private static final int MOST_CHOICES = 200;

    private final Html html;
    private final ReportSources sources;
    private final ReportModel model;
    private final int runs;
    private final boolean hasArguments;
    private final boolean hasTests;
    private final Map<Integer, ReachedCall> reached = new TreeMap<>();

    CallsSection(Html html, ReportSources sources, ReportModel model) {
        this.html = html;
        this.sources = sources;
        this.model = model;
        this.runs = sources.recording().runs().size();
        this.hasArguments = model.calls().stream().anyMatch(row -> !row.arguments().isEmpty());
        this.hasTests = model.calls().stream().anyMatch(row -> row.tests().isPresent());
        sources.reach()
                .ifPresent(
                        reach -> reach.calls().forEach(call -> reached.put(call.number(), call)));
    }

    void write() {
        html.open("section", "id", "calls", "aria-labelledby", "calls-title").line();
        html.element("h2", "System calls", "id", "calls-title");
        html.open("p", "class", "lead");
        html.text(
                "Origin is the place of the instruction that made the call first, which is mostly"
                        + " in the C library. ");
        html.text(
                sources.reach().isPresent()
                        ? "Below reach is a shortest way through the code from "
                                + reachName()
                                + " to each of its calls. These runs may have taken another way."
                        : sources.next().reach()
                                + " shows by which of its functions and imports the executable gets"
                                + " there.");
        html.close("p").line();
        controls();
        html.open("table", "class", "cards", "id", "call-table", "role", "table").line();
        html.element(
                "caption",
                "All calls with risk, number, programs and origin. The buttons in the head sort.",
                "class",
                "hidden");
        head();
        html.open("tbody", "role", "rowgroup").line();
        model.calls().forEach(this::row);
        html.close("tbody", "table").line();
        html.element("p", "No call fits these filters.", "id", "none", "hidden", "hidden");
        html.close("section").line();
    }

    private void controls() {
        html.open("form", "class", "controls", "id", "filters", "role", "search");
        html.open("label").element("span", "Search");
        html.element(
                "input",
                "",
                "type",
                "search",
                "id",
                "search",
                "placeholder",
                "call, program, function",
                "autocomplete",
                "off");
        html.close("label").line();
        openSelect("Risk", "risk");
        for (Risk.Level level : Risk.Level.values()) {
            html.element("option", level.word(), "value", level.word());
        }
        html.close("select", "label").line();
        openSelect("Phase", "phase");
        for (Phase phase : Phase.values()) {
            html.element("option", phase.word(), "value", phase.key());
        }
        html.close("select", "label").line();
        if (model.programs().size() > 1) {
            openSelect("Executable", "program");
            int choices = Math.min(model.programs().size(), MOST_CHOICES);
            for (int i = 0; i < choices; i++) {
                html.element("option", shownProgram(i), "value", i);
            }
            html.close("select", "label").line();
        }
        html.open("label").element("span", "Sort by").open("select", "id", "sort");
        html.element("option", "risk", "value", "1");
        html.element("option", "name", "value", "0");
        html.element("option", "calls, most first", "value", "-2");
        if (runs > 1) {
            html.element("option", "runs, fewest first", "value", "3");
        }
        html.element("option", "first seen", "value", runs > 1 ? "4" : "3");
        html.close("select", "label").line();
        if (runs > 1) {
            html.open("label", "class", "check");
            html.element("input", "", "type", "checkbox", "id", "rare");
            html.text("in one run only").close("label").line();
        }
        html.element("button", "Show all", "type", "reset");
        html.element("output", "", "id", "shown", "aria-live", "polite");
        html.close("form").line();
    }

    private void openSelect(String label, String id) {
        html.open("label").element("span", label).open("select", "id", id);
        html.element("option", "all", "value", "");
    }

    private String shownProgram(int index) {
        return model.programs().get(index).shownPath();
    }

    private void head() {
        html.open("thead", "role", "rowgroup").open("tr", "role", "row");
        sortable("Call", "none");
        sortable("Risk", "descending");
        sortable("Calls", "none");
        if (runs > 1) {
            sortable("Runs", "none");
        }
        sortable("First seen", "none");
        column("Executables");
        column("Origin");
        if (hasArguments) {
            column("Arguments");
        }
        if (hasTests) {
            column("Smallest test");
        }
        if (sources.reach().isPresent()) {
            column("Reach of " + reachName());
        }
        html.close("tr", "thead").line();
    }

    private void sortable(String title, String sort) {
        html.open("th", "scope", "col", "role", "columnheader", "aria-sort", sort);
        html.element("button", title, "type", "button").close("th");
    }

    private String reachName() {
        String program = sources.reach().orElseThrow().program();
        return Html.shortened(program.substring(program.lastIndexOf('/') + 1));
    }

    private void column(String title) {
        html.element("th", title, "scope", "col", "role", "columnheader");
    }

    private void row(CallRow row) {
        html.open(
                "tr",
                "role",
                "row",
                "data-risk",
                row.level().word(),
                "data-phase",
                phases(row),
                "data-programs",
                row.programs().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                "data-runs",
                row.runs(),
                "data-text",
                searched(row));
        html.open(
                "th", "scope", "row", "role", "rowheader", "data-value", row.call().displayName());
        html.name(row.call().displayName());
        if (!row.call().archName().equals(sources.arch().name())) {
            html.element("small", " of " + row.call().archName());
        }
        html.close("th");
        risk(row);
        number("Calls", row.count(), Units.number(row.count()));
        if (runs > 1) {
            number("Runs", row.runs(), row.runs() + " of " + row.ofRuns());
        }
        open("First seen", row.firstMillis()).open("span").text(Units.time(row.firstMillis()));
        html.element("small", row.phase().word()).close("span", "td");
        executables(row);
        origins(row);
        if (hasArguments) {
            arguments(row);
        }
        if (hasTests) {
            tests(row);
        }
        if (sources.reach().isPresent()) {
            reach(row);
        }
        html.close("tr").line();
    }

    /** A call can be of several phases, each in another program. */
    private String phases(CallRow row) {
        return model.programs().stream()
                .flatMap(program -> program.sightings().stream())
                .filter(sighting -> sighting.call().equals(row.call()))
                .map(sighting -> sighting.phase().key())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    /** What the search finds besides what is shown, and the names of the programs. */
    private static String searched(CallRow row) {
        return row.origins().stream()
                .limit(MOST_NAMES)
                .map(origin -> Html.shortened(origin.module()))
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private Html open(String label, Object value) {
        return html.open(
                "td",
                "role",
                "cell",
                "data-label",
                label,
                "data-value",
                value,
                "data-wide",
                value == null ? "" : null);
    }

    private void number(String label, long value, String shown) {
        html.element(
                "td",
                shown,
                "role",
                "cell",
                "class",
                "num",
                "data-label",
                label,
                "data-value",
                value);
    }

    private void risk(CallRow row) {
        open("Risk", row.level().ordinal()).open("span");
        html.element("span", row.level().word(), "class", "badge " + row.level().word());
        String reason =
                row.facts()
                        .map(
                                facts ->
                                        (facts.risk() == Risk.NONE
                                                        ? ""
                                                        : facts.risk().word() + ": ")
                                                + facts.riskReason())
                        .orElse("nothing is known of this call");
        html.element("small", reason, "class", "reason").close("span", "td");
    }

    private void executables(CallRow row) {
        open("Executables", null).open("span");
        List<Integer> programs = row.programs();
        int shown = programs.size() == MOST_NAMES + 1 ? programs.size() : MOST_NAMES;
        for (int i = 0; i < Math.min(shown, programs.size()); i++) {
            ProgramRow program = model.programs().get(programs.get(i));
            html.text(i == 0 ? "" : ", ");
            html.element("code", program.shownName(), "title", program.shownPath());
        }
        if (programs.size() > shown) {
            html.text(" and " + (programs.size() - shown) + " more");
        }
        html.close("span", "td");
    }

    private void origins(CallRow row) {
        open("Origin", null).open("span");
        if (row.origins().isEmpty()) {
            html.element("small", "not known");
        }
        row.origins().stream().limit(MOST_NAMES).forEach(this::origin);
        if (row.origins().size() > MOST_NAMES) {
            html.element("small", "and " + (row.origins().size() - MOST_NAMES) + " more places");
        }
        html.close("span", "td");
    }

    private void origin(Origin origin) {
        String module = origin.module();
        String file = module.substring(module.lastIndexOf('/') + 1);
        String function = sources.functions().get(origin);
        html.open("span", "class", "origin");
        if (function != null) {
            html.name(function).text(" ");
        }
        html.element(
                function == null ? "code" : "small",
                Html.shortened(file.isEmpty() ? module : file)
                        + "+0x"
                        + Long.toHexString(origin.offset()),
                "title",
                Html.shortened(module));
        html.close("span");
    }

    private void arguments(CallRow row) {
        open("Arguments", null).open("span");
        int shown = 0;
        for (String value : row.arguments()) {
            if (shown++ < 16) {
                html.open("span", "class", "origin").name(value).close("span");
            }
        }
        if (shown > 16) {
            html.element("small", "and " + (shown - 16) + " more");
        }
        html.close("span", "td");
    }

    private void tests(CallRow row) {
        open("Smallest test", null).open("span");
        if (row.tests().isEmpty()) {
            html.element("small", "not known");
        } else {
            CallTests tests = row.tests().get();
            html.open("span", "class", "origin").text(Html.shortened(tests.makers())).close("span");
            if (tests.count() > 1) {
                html.element("small", "of " + tests.count() + " tests");
            }
            if (tests.outside() > 0 && !tests.isOnlyOutside()) {
                html.element("small", " also outside of tests");
            }
        }
        html.close("span", "td");
    }

    private void reach(CallRow row) {
        ReachShown shown = sources.reach().orElseThrow();
        Optional<ReachedCall> call =
                Optional.ofNullable(reached.get(row.call().number()))
                        .filter(found -> row.call().auditArch() == shown.auditArch());
        open("Reach", null).open("span");
        html.text(call.map(CallsSection::reachWords).orElseGet(() -> notReached(row, shown)));
        // The place of a call is mostly in the C library. This is where the program comes in.
        call.filter(ReachedCall::seen)
                .ifPresent(found -> html.open("small").name(way(found, shown)).close("small"));
        html.close("span", "td");
    }

    private static String way(ReachedCall call, ReachShown shown) {
        String start = shown.program() + " ";
        return call.path().startsWith(start) ? call.path().substring(start.length()) : call.path();
    }

    private static String reachWords(ReachedCall call) {
        String own = call.seen() ? "own" : "reachable, not exercised";
        return call.floor() ? "every program" : own;
    }

    private String notReached(CallRow row, ReachShown shown) {
        boolean made =
                row.programs().stream()
                        .anyMatch(
                                index ->
                                        model.programs()
                                                .get(index)
                                                .executable()
                                                .equals(shown.program()));
        return made ? "made, but not found in the code" : "–";
    }
}

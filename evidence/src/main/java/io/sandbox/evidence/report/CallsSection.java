// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.report.ReachShown.ReachedCall;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table of all calls, which the page's script sorts and filters. */
final class CallsSection {
    private static final int MOST_NAMES = 3;
    private static final int MOST_ARGUMENTS = 16;
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
        html.add(
                """
                <section id='calls' aria-labelledby='calls-title'>
                <h2 id='calls-title'>System calls</h2>\
                <p class='lead'>Origin is the place of the instruction that made the call first, \
                which is mostly in the C library. %s</p>
                """,
                sources.reach().isPresent()
                        ? "Below reach is a shortest way through the code from "
                                + reachName()
                                + " to each of its calls. These runs may have taken another way."
                        : sources.next().reach()
                                + " shows by which of its functions and imports the executable gets"
                                + " there.");
        controls();
        html.add(
                """
                <table class='cards' id='call-table' role='table'>
                <caption class='hidden'>All calls with risk, number, programs and origin. The \
                buttons in the head sort.</caption>\
                """);
        head();
        html.add("<tbody role='rowgroup'>\n");
        model.calls().forEach(this::row);
        html.add(
                """
                </tbody></table>
                <p id='none' hidden='hidden'>No call fits these filters.</p></section>
                """);
    }

    private void controls() {
        html.add(
                """
                <form class='controls' id='filters' role='search'>\
                <label><span>Search</span><input type='search' id='search' \
                placeholder='call, program, function' autocomplete='off'></label>
                """);
        openSelect("Risk", "risk");
        for (Risk.Level level : Risk.Level.values()) {
            option(level.word(), level.word());
        }
        html.add("</select></label>\n");
        openSelect("Phase", "phase");
        for (Phase phase : Phase.values()) {
            option(phase.key(), phase.word());
        }
        html.add("</select></label>\n");
        if (model.programs().size() > 1) {
            openSelect("Executable", "program");
            int choices = Math.min(model.programs().size(), MOST_CHOICES);
            for (int i = 0; i < choices; i++) {
                option(i, model.programs().get(i).shownPath());
            }
            html.add("</select></label>\n");
        }
        html.add("<label><span>Sort by</span><select id='sort'>");
        option(1, "risk");
        option(0, "name");
        option(-2, "calls, most first");
        if (runs > 1) {
            option(3, "runs, fewest first");
        }
        option(runs > 1 ? 4 : 3, "first seen");
        html.add("</select></label>\n");
        if (runs > 1) {
            html.add(
                    """
                    <label class='check'><input type='checkbox' id='rare'>in one run only</label>
                    """);
        }
        html.add(
                """
                <button type='reset'>Show all</button><output id='shown' aria-live='polite'></output>\
                </form>
                """);
    }

    private void openSelect(String label, String id) {
        html.add("<label><span>%s</span><select id='%s'>", label, id);
        option("", "all");
    }

    private void option(Object value, String text) {
        html.add("<option value='%s'>%s</option>", value, text);
    }

    private void head() {
        html.add("<thead role='rowgroup'><tr role='row'>");
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
        html.add("</tr></thead>\n");
    }

    private void sortable(String title, String sort) {
        html.add(
                """
                <th scope='col' role='columnheader' aria-sort='%s'>\
                <button type='button'>%s</button></th>\
                """,
                sort, title);
    }

    private String reachName() {
        String program = sources.reach().orElseThrow().program();
        return Html.shortened(program.substring(program.lastIndexOf('/') + 1));
    }

    private void column(String title) {
        html.add("<th scope='col' role='columnheader'>%s</th>", title);
    }

    private void row(CallRow row) {
        String name = row.call().displayName();
        html.add(
                """
                <tr role='row' data-risk='%s' data-phase='%s' data-programs='%s' data-runs='%s' \
                data-text='%s'><th scope='row' role='rowheader' data-value='%s'>\
                """,
                row.level().word(),
                phases(row),
                row.programs().stream().map(String::valueOf).collect(Collectors.joining(" ")),
                row.runs(),
                searched(row),
                name);
        html.name(name);
        if (!row.call().archName().equals(sources.arch().name())) {
            html.add("<small> of %s</small>", row.call().archName());
        }
        html.add("</th>");
        risk(row);
        number("Calls", row.count(), Units.number(row.count()));
        if (runs > 1) {
            number("Runs", row.runs(), row.runs() + " of " + row.ofRuns());
        }
        html.add(
                """
                <td role='cell' data-label='First seen' data-value='%s'><span>%s<small>%s</small>\
                </span></td>\
                """,
                row.firstMillis(), Units.time(row.firstMillis()), row.phase().word());
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
        html.add("</tr>\n");
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

    /** A cell whose content takes all of its row on a small screen. */
    private void wide(String label) {
        html.add("<td role='cell' data-label='%s' data-wide=''><span>", label);
    }

    private void small(String text) {
        html.add("<small>%s</small>", text);
    }

    private void number(String label, long value, String shown) {
        html.add(
                "<td role='cell' class='num' data-label='%s' data-value='%s'>%s</td>",
                label, value, shown);
    }

    private void risk(CallRow row) {
        String word = row.level().word();
        html.add(
                """
                <td role='cell' data-label='Risk' data-value='%s'><span>\
                <span class='badge %s'>%s</span><small class='reason'>%s</small></span></td>\
                """,
                row.level().ordinal(),
                word,
                word,
                row.facts().map(CallsSection::reason).orElse("nothing is known of this call"));
    }

    private static String reason(SyscallFacts facts) {
        String kind = facts.risk() == Risk.NONE ? "" : facts.risk().word() + ": ";
        return kind + facts.riskReason();
    }

    private void executables(CallRow row) {
        wide("Executables");
        List<Integer> programs = row.programs();
        int shown = programs.size() == MOST_NAMES + 1 ? programs.size() : MOST_NAMES;
        for (int i = 0; i < Math.min(shown, programs.size()); i++) {
            ProgramRow program = model.programs().get(programs.get(i));
            html.add(
                    "%s<code title='%s'>%s</code>",
                    i == 0 ? "" : ", ", program.shownPath(), program.shownName());
        }
        if (programs.size() > shown) {
            html.add(" and %s more", programs.size() - shown);
        }
        html.add("</span></td>");
    }

    private void origins(CallRow row) {
        wide("Origin");
        if (row.origins().isEmpty()) {
            small("not known");
        }
        row.origins().stream().limit(MOST_NAMES).forEach(this::origin);
        if (row.origins().size() > MOST_NAMES) {
            small("and " + (row.origins().size() - MOST_NAMES) + " more places");
        }
        html.add("</span></td>");
    }

    private void origin(Origin origin) {
        String module = origin.module();
        String file = module.substring(module.lastIndexOf('/') + 1);
        String function = sources.functions().get(origin);
        html.add("<span class='origin'>");
        if (function != null) {
            html.name(function).add(" ");
        }
        html.add(
                function == null
                        ? "<code title='%s'>%s+0x%s</code></span>"
                        : "<small title='%s'>%s+0x%s</small></span>",
                Html.shortened(module),
                Html.shortened(file.isEmpty() ? module : file),
                Long.toHexString(origin.offset()));
    }

    private void arguments(CallRow row) {
        wide("Arguments");
        for (String value : row.arguments().stream().limit(MOST_ARGUMENTS).toList()) {
            html.add("<span class='origin'>").name(value).add("</span>");
        }
        if (row.arguments().size() > MOST_ARGUMENTS) {
            small("and " + (row.arguments().size() - MOST_ARGUMENTS) + " more");
        }
        html.add("</span></td>");
    }

    private void tests(CallRow row) {
        wide("Test or state");
        if (row.tests().isEmpty()) {
            small("not known");
        } else {
            CallTests tests = row.tests().get();
            html.add("<span class='origin'>%s</span>", Html.shortened(tests.makers()));
            if (tests.count() > 1) {
                small("of " + tests.count() + " tests");
            }
            if (tests.outside() > 0 && !tests.isOnlyOutside()) {
                small(" also outside of tests");
            }
        }
        html.add("</span></td>");
    }

    private void reach(CallRow row) {
        ReachShown shown = sources.reach().orElseThrow();
        Optional<ReachedCall> call =
                Optional.ofNullable(reached.get(row.call().number()))
                        .filter(found -> row.call().auditArch() == shown.auditArch());
        wide("Reach");
        html.add("%s", call.map(CallsSection::reachWords).orElseGet(() -> notReached(row, shown)));
        // The place of a call is mostly in the C library. This is where the program comes in.
        call.filter(ReachedCall::seen)
                .ifPresent(found -> html.add("<small>").name(way(found, shown)).add("</small>"));
        html.add("</span></td>");
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

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.report.ReachShown.ReachedCall;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.Comparator;
import java.util.List;

/** What the code of the program can call and the runs did not show. */
final class ReachSection {
    private final Html html;
    private final ReachShown reach;

    ReachSection(Html html, ReachShown reach) {
        this.html = html;
        this.reach = reach;
    }

    private static Risk.Level level(ReachedCall call) {
        return SyscallDb.get()
                .facts(call.name())
                .map(SyscallFacts::risk)
                .map(Risk::level)
                .orElse(Risk.Level.HIGH);
    }

    private static void openSection(Html html) {
        html.open("section", "id", "reach", "aria-labelledby", "reach-title").line();
        html.element("h2", "Reachable, and not exercised", "id", "reach-title");
    }

    /** For a page without an answer. */
    static void writeHint(Html html, NextSteps next) {
        openSection(html);
        html.element(
                "p",
                "Not looked at. "
                        + next.reach()
                        + " reads the code of an executable, and shows what it can do that no run"
                        + " showed.",
                "class",
                "lead");
        html.close("section").line();
    }

    void write() {
        List<ReachedCall> open =
                reach.calls().stream()
                        .filter(ReachedCall::isOpen)
                        .sorted(
                                Comparator.comparing(ReachSection::level)
                                        .thenComparing(ReachedCall::name))
                        .toList();
        openSection(html);
        html.open("p", "class", "lead").text("The code of ").name(reach.program());
        html.text(
                " can make "
                        + Units.count(reach.calls().size(), "call")
                        + ". "
                        + reach.calls().stream().filter(ReachedCall::floor).count()
                        + " of them every program can make, "
                        + reach.calls().stream().filter(ReachedCall::seen).count()
                        + " it made in these runs. "
                        + open.size()
                        + (open.size() == 1 ? " is its own and was" : " are its own and were")
                        + " not exercised. This tells what to test, and not what to allow.");
        html.close("p").line();
        for (String remark : reach.remarks()) {
            html.element("p", Units.sentence(remark), "class", "muted");
        }
        if (!open.isEmpty()) {
            table(open);
        }
        html.close("section").line();
    }

    private void table(List<ReachedCall> open) {
        html.open("table", "class", "cards", "role", "table").line();
        html.element("caption", "Calls that tests did not exercise", "class", "hidden");
        html.open("thead", "role", "rowgroup").open("tr", "role", "row");
        for (String title : List.of("Call", "Risk", "Shortest path", "To exercise it")) {
            html.element("th", title, "scope", "col", "role", "columnheader");
        }
        html.close("tr", "thead").open("tbody", "role", "rowgroup").line();
        for (ReachedCall call : open) {
            html.open("tr", "role", "row").open("th", "scope", "row", "role", "rowheader");
            html.name(call.name()).close("th");
            cell("Risk");
            html.element("span", level(call).word(), "class", "badge " + level(call).word());
            html.close("td");
            cell("Shortest path").name(call.path()).close("td");
            cell("To exercise it").text(call.exercise().orElse("–")).close("td");
            html.close("tr").line();
        }
        html.close("tbody", "table").line();
    }

    private Html cell(String label) {
        return html.open("td", "role", "cell", "data-label", label, "data-wide", "");
    }
}

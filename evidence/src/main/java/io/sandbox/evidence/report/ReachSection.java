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
        html.add(
                """
                <section id='reach' aria-labelledby='reach-title'>
                <h2 id='reach-title'>Reachable, and not exercised</h2>\
                """);
    }

    /** For a page without an answer. */
    static void writeHint(Html html, NextSteps next) {
        openSection(html);
        html.add(
                """
                <p class='lead'>Not looked at. %s reads the code of an executable, and shows what it \
                can do that no run showed.</p></section>
                """,
                next.reach());
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
        html.add("<p class='lead'>The code of ").name(reach.program());
        html.add(
                """
                 can make %s. %s of them every program can make, %s it made in these runs. %s not \
                exercised. This tells what to test, and not what to allow.</p>
                """,
                Units.count(reach.calls().size(), "call"),
                reach.calls().stream().filter(ReachedCall::floor).count(),
                reach.calls().stream().filter(ReachedCall::seen).count(),
                open.size() + (open.size() == 1 ? " is its own and was" : " are its own and were"));
        for (String remark : reach.remarks()) {
            html.add("<p class='muted'>%s</p>", Units.sentence(remark));
        }
        if (!open.isEmpty()) {
            table(open);
        }
        html.add("</section>\n");
    }

    private void table(List<ReachedCall> open) {
        html.add(
                """
                <table class='cards' role='table'>
                <caption class='hidden'>Calls that tests did not exercise</caption>\
                <thead role='rowgroup'><tr role='row'>\
                """);
        for (String title : List.of("Call", "Risk", "Shortest path", "To exercise it")) {
            html.add("<th scope='col' role='columnheader'>%s</th>", title);
        }
        html.add("</tr></thead><tbody role='rowgroup'>\n");
        for (ReachedCall call : open) {
            String level = level(call).word();
            html.add("<tr role='row'><th scope='row' role='rowheader'>").name(call.name());
            html.add("</th>");
            cell("Risk").add("<span class='badge %s'>%s</span></td>", level, level);
            cell("Shortest path").name(call.path()).add("</td>");
            cell("To exercise it").add("%s</td></tr>\n", call.exercise().orElse("–"));
        }
        html.add("</tbody></table>\n");
    }

    private Html cell(String label) {
        return html.add("<td role='cell' data-label='%s' data-wide=''>", label);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.policy.worth.Worth;
import java.util.List;

/** Which known exploits the list leaves reachable, and what it opens that was closed. */
final class WorthSection {
    private final Html html;
    private final ListWorth list;

    WorthSection(Html html, ListWorth list) {
        this.html = html;
        this.list = list;
    }

    void write() {
        html.add(
                """
                <section id='worth' aria-labelledby='worth-title'>
                <h2 id='worth-title'>What the list leaves open</h2>
                """);
        holes(list.worth().sentence(""), list.worth().reachable());
        holes(list.worth().sentenceOf2026(), list.worth().reachableOf2026());
        list.looser().forEach(this::looser);
        html.add("</section>\n");
    }

    private void holes(String sentence, List<Worth.Stand> reachable) {
        html.add("<p class='lead'>%s</p>\n", Units.sentence(sentence));
        if (reachable.isEmpty()) {
            return;
        }
        html.add(
                "<details><summary>%s, what each needs, and what opens it</summary><ul>\n",
                Units.count(reachable.size(), "hole"));
        for (Worth.Stand stand : reachable) {
            html.add("<li><code>%s</code>: %s</li>\n", stand.exploit().id(), stand.cause());
        }
        html.add("</ul></details>\n");
    }

    private void looser(ListWorth.Compared compared) {
        if (compared.lines().isEmpty()) {
            html.add("<p>It is nowhere looser than %s.</p>\n", compared.profile());
            return;
        }
        html.add(
                "<p>It is looser than %s in %s, if it replaces that profile:</p><ul>\n",
                compared.profile(), Units.count(compared.lines().size(), "line"));
        compared.lines().forEach(line -> html.add("<li>%s</li>\n", line));
        html.add("</ul>\n");
    }
}

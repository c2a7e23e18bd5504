// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.syscalldb.Risk;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Writes what a policy means as one HTML file. The template is policy.html. */
public final class PolicyPage {
    /**
     * What is said of a call.
     *
     * @param verdict what the policy does with it
     * @param why what the call can do
     * @param comment what the policy's author says about it; empty for nothing
     */
    public record Row(
            String name,
            Risk.Level level,
            boolean mayPass,
            String verdict,
            String why,
            String comment) {
        String risk() {
            return level.word();
        }
    }

    record Part(String id, String heading, String lead, boolean shown, List<Row> rows) {
        String count() {
            return Units.count(rows.size(), "call");
        }
    }

    private PolicyPage() {}

    /**
     * The whole file, in UTF-8. Equal policies give equal bytes.
     *
     * @param rows all calls of the architecture, in the order in which they are shown
     */
    public static byte[] write(
            String title, String facts, List<Row> rows, List<String> comments, ListWorth worth) {
        List<Row> open = only(rows, row -> row.mayPass() && isHigh(row));
        List<Row> closed = only(rows, row -> !row.mayPass() && isHigh(row));
        Map<String, Object> values = new HashMap<>();
        values.put("contentPolicy", HtmlReport.contentPolicy());
        values.put("title", title);
        values.put("facts", facts);
        values.put("allowed", only(rows, Row::mayPass).size());
        values.put("open", open.size());
        values.put("closed", closed.size());
        values.put("holes", worth.holes());
        values.put("looser", worth.looser());
        values.put("hasComments", !comments.isEmpty());
        values.put("comments", comments);
        String ask = "Ask of each: does the program need it, and for more than these arguments?";
        String gone = "What somebody who takes the program over cannot do any more.";
        String usual = "What the program does as any other.";
        List<Row> rest = only(rows, row -> row.mayPass() && !isHigh(row));
        List<Part> parts =
                List.of(
                        new Part("open", "Allowed, and of high risk", ask, true, open),
                        new Part("closed", "Refused, and of high risk", gone, true, closed),
                        new Part("rest", "Allowed, of less risk", usual, false, rest));
        values.put("parts", parts);
        return Page.of("policy.html", values).getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isHigh(Row row) {
        return row.level() == Risk.Level.HIGH;
    }

    private static List<Row> only(List<Row> rows, Predicate<Row> which) {
        return rows.stream().filter(which).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.output.WrappedWords;
import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.text.Shipped;
import io.sandbox.text.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a review shows, for a terminal of 80 columns. */
record ReviewText(Styled styled) {
    static final int WIDTH = 79;

    /** How many executables and values to show. */
    private static final int MOST = 5;

    static final String HELP = Shipped.text(ReviewText.class, "help.txt");

    /** One call, with all that helps to decide. */
    String finding(Finding finding, int number, int count) {
        CallDrift call = finding.call();
        StringBuilder out = new StringBuilder("\n");
        String title = ValueNames.in(finding.name(), finding.arch(), Wording.title(call));
        append(out, "", styled.bold(number + " of " + count + ": " + title));
        String arch = call.covered() ? "; on " + finding.arch() : "";
        String known = "nothing is known of this call";
        if (call.facts().isPresent()) {
            SyscallFacts facts = call.facts().get();
            known = coloured(facts.risk().level(), Wording.risk(facts));
        }
        append(out, "  ", known + arch);
        call.seen().stream().limit(MOST).forEach(seen -> append(out, "  ", Wording.seen(seen)));
        appendRest(out, call.seen().size(), "executable");
        Wording.tests(call).ifPresent(tests -> append(out, "  ", tests));
        finding.function()
                .ifPresent(
                        name -> append(out, "  ", "made by the function " + VisibleText.of(name)));
        for (String values : finding.arguments().stream().limit(MOST).toList()) {
            append(out, "  ", "with " + ValueNames.in(finding.name(), finding.arch(), values));
        }
        appendRest(out, finding.arguments().size(), "value");
        Wording.sibling(call).ifPresent(sibling -> append(out, "  ", sibling));
        finding.hindrance().ifPresent(why -> append(out, "  ", "cannot be decided here: " + why));
        return out.toString();
    }

    private String coloured(Risk.Level level, String text) {
        return switch (level) {
            case HIGH -> styled.red(text);
            case MEDIUM -> styled.yellow(text);
            case LOW -> text;
        };
    }

    private static void appendRest(StringBuilder out, int count, String noun) {
        if (count > MOST) {
            append(out, "  ", "and " + Wording.count(count - MOST, "other " + noun));
        }
    }

    static String decided(Decision decision) {
        StringBuilder out = new StringBuilder();
        append(out, "  ", "decided: " + VisibleText.of(decision.toString()));
        return out.toString();
    }

    /** What to do if the format cannot refuse a call with an error. */
    static String otherFormat(Finding finding, String file) {
        String convert =
                "sandbox policy convert %s --to json -o %s"
                        .formatted(ShellQuote.quote(file), ShellQuote.quote(file + ".json"));
        return paragraph("n leaves the call undecided: " + Wording.title(finding.call()) + ".")
                + "To refuse it with an error, review the policy in another format, such as json:\n"
                + VisibleText.of(convert)
                + "\n";
    }

    /** All calls, with a mark at the one that is asked about. */
    String list(List<Finding> findings, Map<Integer, Decision> decided, int position) {
        int width = findings.stream().mapToInt(finding -> finding.name().length()).max().orElse(0);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            String what = decided.containsKey(i) ? decided.get(i).toString() : "-";
            String line =
                    String.format(
                            "%s%3d  %-6s  %-" + width + "s  %s",
                            i == position ? ">" : " ",
                            i + 1,
                            finding.level().word(),
                            finding.name(),
                            VisibleText.of(what));
            boolean fits = line.length() <= WIDTH;
            out.append(fits ? line : line.substring(0, WIDTH - 3) + "...").append('\n');
        }
        return out.toString();
    }

    /** Returns a text such as {@code 2 allowed, 1 refused, 3 undecided}. */
    static String sum(Map<Integer, Decision> decided, int count) {
        long refused = decided.values().stream().filter(Decision::isRefusal).count();
        List<String> parts = new ArrayList<>();
        add(parts, decided.size() - refused, "allowed");
        add(parts, refused, "refused");
        add(parts, count - decided.size(), "undecided");
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, long number, String word) {
        if (number > 0) {
            parts.add(number + " " + word);
        }
    }

    /** A paragraph. A word that is longer than a line stays whole. */
    static String paragraph(String text) {
        StringBuilder out = new StringBuilder();
        append(out, "", "", text);
        return out.toString();
    }

    /** A paragraph whose further lines are indented. */
    private static void append(StringBuilder out, String indent, String text) {
        append(out, indent, indent + "  ", text);
    }

    private static void append(StringBuilder out, String first, String further, String text) {
        out.append(WrappedWords.of(first, further, List.of(text.split(" ", -1)), WIDTH));
    }
}

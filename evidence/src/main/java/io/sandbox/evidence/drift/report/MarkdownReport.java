// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.Seen;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.text.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The report for a comment of a pull request. A comment holds 65536 characters, so further rows are
 * only counted. Text from other people is put into {@code <code>} and escaped, so that it can form
 * neither markup nor mentions.
 */
public final class MarkdownReport implements ReportWriter {
    /**
     * What could be markup. A colon before a blank forms neither an address nor a picture, an
     * underscore within a word no emphasis, and a dot an address only after www (GitHub Flavored
     * Markdown 0.29, 6.4 and 6.9).
     */
    private static final Pattern MARKUP =
            Pattern.compile(
                    "[\\x00-\\x7f&&[^A-Za-z0-9 /,;=().:_-]]|:(?! )|(?<=[wW]{3})[.]"
                            + "|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])");

    /** Beyond so many characters no row is added: one more and the rest still fit. */
    private static final int ENOUGH = 50_000;

    private static final int MAKERS = 3;
    private static final int LENGTH = 120;

    /** A longer command is not shown, since a part of it would do something else. */
    private static final int COMMAND_LENGTH = 1000;

    @Override
    public String write(CheckResult result) {
        StringBuilder out = new StringBuilder();
        out.append("### ").append(code(result.policyFile())).append(": ");
        out.append(Wording.verdict(result)).append("\n\n");
        out.append(Wording.summary(result)).append(".\n");
        appendList(out, "Not certain", Wording.doubts(result));
        appendCalls(out, "new call", result.drift().forbidden());
        appendCalls(out, "refused by decision", result.drift().refused());
        appendUnused(out, result.drift().unused());
        result.gate().ifPresent(gate -> appendGate(out, gate));
        appendList(out, "Note", Wording.warnings(result));
        result.updateCommand().ifPresent(command -> appendUpdate(out, command));
        return out.toString();
    }

    private static void appendUpdate(StringBuilder out, String command) {
        String shown = VisibleText.of(command);
        if (shown.length() > COMMAND_LENGTH) {
            out.append(
                    "\nThe command that takes the calls into the policy is too long for here.\n");
            return;
        }
        out.append("\nAfter review, this takes the calls into the policy:\n\n<pre><code>");
        out.append(escape(shown)).append("</code></pre>\n");
    }

    private static void appendList(StringBuilder out, String title, List<String> items) {
        appendRows(
                out,
                items,
                item -> {
                    out.append("\n**").append(title).append(":** ");
                    out.append(code(item)).append('\n');
                });
    }

    private static void appendGate(StringBuilder out, Gate gate) {
        appendList(out, "Known exploits", List.of(Wording.title(gate)));
        appendRows(
                out,
                Wording.details(gate),
                line -> out.append("\n- ").append(code(line)).append('\n'));
    }

    private static <T> void appendRows(StringBuilder out, List<T> rows, Consumer<T> writer) {
        int written = 0;
        while (written < rows.size() && out.length() < ENOUGH) {
            writer.accept(rows.get(written));
            written++;
        }
        if (written < rows.size()) {
            out.append("\nAnd ").append(rows.size() - written).append(" more.\n");
        }
    }

    private static void appendCalls(StringBuilder out, String title, List<CallDrift> calls) {
        if (calls.isEmpty()) {
            return;
        }
        out.append("\n| ").append(title);
        out.append(" | risk | made by | line | |\n| - | - | - | - | - |\n");
        appendRows(
                out,
                calls,
                call -> {
                    out.append("| `").append(Wording.name(call)).append("` | ");
                    out.append(call.facts().map(MarkdownReport::risk).orElse("unknown"));
                    out.append(" | ").append(makers(call.seen())).append(" | ");
                    out.append(call.isRuled() ? call.line() : "-").append(" | ");
                    out.append(remarks(call)).append(" |\n");
                });
    }

    private static String risk(SyscallFacts facts) {
        return escape(facts.risk().level().word() + ": " + facts.riskReason());
    }

    private static String makers(List<Seen> seen) {
        String some =
                seen.stream()
                        .limit(MAKERS)
                        .map(one -> code(Wording.executable(one)) + " (" + one.count() + ")")
                        .collect(Collectors.joining(", "));
        return seen.size() > MAKERS ? some + ", " + (seen.size() - MAKERS) + " more" : some;
    }

    private static String remarks(CallDrift call) {
        String ruling = call.isRuled() || !call.covered() ? call.ruling().text() : "";
        if (Wording.olderMade(call).isPresent()) {
            return escape(ruling + ", " + Wording.olderMade(call).get());
        }
        List<String> remarks = new ArrayList<>(List.of(ruling));
        remarks.add(shorten(Wording.tests(call).orElse("")));
        remarks.add(Wording.sibling(call).orElse(""));
        remarks.add(Wording.byHand(call).orElse(""));
        remarks.removeIf(String::isEmpty);
        return escape(String.join("; ", remarks));
    }

    private static void appendUnused(StringBuilder out, List<UnusedRule> rules) {
        if (rules.isEmpty()) {
            return;
        }
        out.append("\n| allowed and not used | line |\n| - | - |\n");
        appendRows(
                out,
                rules,
                rule -> {
                    out.append("| ").append(code(rule.subject()));
                    out.append(rule.unreachable() ? " (no code leads there) | " : " | ");
                    out.append(rule.line()).append(" |\n");
                });
    }

    private static String code(String text) {
        return "<code>" + escape(shorten(VisibleText.of(text))) + "</code>";
    }

    private static String shorten(String text) {
        return text.codePointCount(0, text.length()) > LENGTH
                ? text.substring(0, text.offsetByCodePoints(0, LENGTH)) + "..."
                : text;
    }

    /** Writes ASCII characters that Markdown or HTML could interpret as numbers. */
    public static String escape(String text) {
        return MARKUP.matcher(text).replaceAll(each -> "&#" + (int) each.group().charAt(0) + ";");
    }
}

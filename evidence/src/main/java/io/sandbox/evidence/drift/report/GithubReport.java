// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.text.VisibleText;
import java.util.function.UnaryOperator;

/**
 * Workflow commands: a runner of GitHub Actions finds them in a step's output and shows their text
 * beside the policy's line (docs.github.com, "Workflow commands"). It shows ten of each level.
 *
 * @param place gives the policy's path in its repository
 */
public record GithubReport(UnaryOperator<String> place) implements ReportWriter {
    @Override
    public String write(CheckResult result) {
        StringBuilder out = new StringBuilder();
        for (String doubt : Wording.doubts(result)) {
            append(out, "error", result, 1, "The policy could not be checked", doubt);
        }
        for (CallDrift call : result.drift().notAllowed()) {
            append(
                    out,
                    result.failOn().concerns(call) ? "error" : level(call),
                    result,
                    call.line(),
                    "System call " + Wording.name(call),
                    String.join("\n", Wording.text(result, call)));
        }
        for (UnusedRule rule : result.drift().unused()) {
            append(
                    out,
                    result.failOn().unused() ? "error" : "notice",
                    result,
                    rule.line(),
                    "Unused rule",
                    Wording.title(rule));
        }
        if (result.gate().isPresent()) {
            String level = result.gate().get().isMet() ? "notice" : "error";
            String text = String.join("\n", Wording.text(result.gate().get()));
            append(out, level, result, 1, "Known exploits", text);
        }
        for (String warning : Wording.warnings(result)) {
            append(out, "notice", result, 1, "Check of the policy", warning);
        }
        return out.toString();
    }

    private static String level(CallDrift call) {
        return call.kind() == CallDrift.Kind.REFUSED ? "notice" : "warning";
    }

    private void append(
            StringBuilder out,
            String level,
            CheckResult result,
            int line,
            String title,
            String text) {
        String file = property(VisibleText.of(place.apply(result.policyFile())));
        String form = "::%s file=%s,line=%d,title=%s::%s\n";
        out.append(form.formatted(level, file, line, property(title), data(text)));
    }

    /** Encodes text for the runner (toolkit, packages/core/src/command.ts). */
    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}

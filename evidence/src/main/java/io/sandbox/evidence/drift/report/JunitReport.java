// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.text.VisibleText;
import java.util.ArrayList;
import java.util.List;

/**
 * The XML of JUnit, for Jenkins and GitLab. The evidence is one test case, and each finding is
 * another. A finding that the user does not want to fail on passes, with its details as output.
 */
public final class JunitReport implements ReportWriter {
    /** {@code tag} is failure or error; null for a case that passes. */
    private record Case(
            String name, String tag, String type, String message, List<String> details) {}

    @Override
    public String write(CheckResult result) {
        List<Case> cases = cases(result);
        StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.append("<testsuites>\n  <testsuite name=\"sandbox check\"");
        attribute(out, "tests", Integer.toString(cases.size()));
        attribute(out, "failures", Long.toString(count(cases, "failure")));
        attribute(out, "errors", Long.toString(count(cases, "error")));
        out.append(">\n");
        String file = VisibleText.of(result.policyFile());
        cases.forEach(one -> append(out, file, one));
        return out.append("  </testsuite>\n</testsuites>\n").toString();
    }

    private static long count(List<Case> cases, String tag) {
        return cases.stream().filter(one -> tag.equals(one.tag())).count();
    }

    private static List<Case> cases(CheckResult result) {
        List<String> doubts = Wording.doubts(result);
        List<Case> cases = new ArrayList<>();
        cases.add(
                new Case(
                        "the evidence suffices",
                        doubts.isEmpty() ? null : "error",
                        "not-checked",
                        Wording.summary(result),
                        doubts));
        for (CallDrift call : result.drift().notAllowed()) {
            cases.add(
                    new Case(
                            Wording.name(call),
                            result.failOn().concerns(call) ? "failure" : null,
                            JsonReport.kind(call),
                            (call.isRuled() ? "line " + call.line() + ": " : "")
                                    + Wording.title(call),
                            Wording.details(call)));
        }
        for (UnusedRule rule : result.drift().unused()) {
            cases.add(
                    new Case(
                            VisibleText.of(rule.subject()) + " is used",
                            result.failOn().unused() ? "failure" : null,
                            "unused-rule",
                            "line " + rule.line() + ": " + Wording.title(rule),
                            List.of()));
        }
        result.gate()
                .ifPresent(
                        gate ->
                                cases.add(
                                        new Case(
                                                "known exploits are stopped",
                                                gate.isMet() ? null : "failure",
                                                "known-exploits",
                                                Wording.title(gate),
                                                Wording.details(gate))));
        return cases;
    }

    private static void append(StringBuilder out, String file, Case one) {
        out.append("    <testcase");
        attribute(out, "classname", file);
        attribute(out, "name", one.name());
        out.append(">\n      <");
        String body = String.join("\n", one.details());
        if (one.tag() == null) {
            String text = one.message() + (body.isEmpty() ? "" : "\n" + body);
            out.append("system-out>").append(escape(text)).append("</system-out>\n");
        } else {
            out.append(one.tag());
            attribute(out, "type", one.type());
            attribute(out, "message", one.message());
            out.append('>').append(escape(body)).append("</").append(one.tag()).append(">\n");
        }
        out.append("    </testcase>\n");
    }

    private static void attribute(StringBuilder out, String name, String value) {
        out.append(' ').append(name).append("=\"").append(escape(value)).append('"');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

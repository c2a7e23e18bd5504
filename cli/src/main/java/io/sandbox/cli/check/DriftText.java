// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.output.Styled;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.evidence.drift.report.ReportWriter;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.syscalldb.Risk;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.text.VisibleText;

/** The report of a check for a terminal. */
record DriftText(Styled styled) implements ReportWriter {
    @Override
    public String write(CheckResult result) {
        StringBuilder out = new StringBuilder();
        out.append(VisibleText.of(result.policyFile())).append(": ");
        out.append(verdict(result)).append(": ").append(Wording.summary(result)).append('\n');
        Wording.doubts(result).forEach(doubt -> line(out, styled.red("not certain"), doubt));
        result.drift().notAllowed().forEach(call -> append(out, result, call));
        for (UnusedRule rule : result.drift().unused()) {
            String place = place(result, ":" + rule.line());
            line(out, styled.yellow("unused"), place + Wording.title(rule));
        }
        result.gate().ifPresent(gate -> append(out, result, gate));
        Wording.warnings(result).forEach(warning -> line(out, "note", warning));
        result.updateCommand()
                .ifPresent(
                        command -> line(out, "next", "after review: " + VisibleText.of(command)));
        return out.toString();
    }

    private String verdict(CheckResult result) {
        String word = Wording.verdict(result);
        return switch (result.outcome()) {
            case SAME -> styled.bold(word);
            case DRIFT, UNCHECKED -> styled.red(word);
        };
    }

    private void append(StringBuilder out, CheckResult result, CallDrift call) {
        String line = call.isRuled() ? ":" + call.line() : ""; // else no line is to blame
        line(out, label(call), place(result, line) + Wording.title(call));
        Wording.details(call).forEach(detail -> out.append("    ").append(detail).append('\n'));
    }

    private void append(StringBuilder out, CheckResult result, Gate gate) {
        String label = gate.isMet() ? "exploits" : styled.red("exploits");
        line(out, label, place(result, "") + Wording.title(gate)); // no single line is to blame
        Wording.details(gate).forEach(detail -> out.append("    ").append(detail).append('\n'));
    }

    private String label(CallDrift call) {
        if (call.kind() == CallDrift.Kind.REFUSED) {
            return "refused";
        }
        boolean high = SyscallFacts.level(call.facts()) == Risk.Level.HIGH;
        String label = call.kind() == CallDrift.Kind.NEW ? "new" : "arguments";
        return high ? styled.red(label) : styled.yellow(label);
    }

    private static String place(CheckResult result, String line) {
        return VisibleText.of(result.policyFile()) + line + ": ";
    }

    private static void line(StringBuilder out, String label, String text) {
        out.append("  ").append(label).append(": ").append(text).append('\n');
    }
}

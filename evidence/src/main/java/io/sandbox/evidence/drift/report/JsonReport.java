// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import static io.sandbox.evidence.IndentedJson.object;

import io.sandbox.evidence.IndentedJson;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.FailOn;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.Readiness;
import io.sandbox.evidence.drift.Seen;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The report for programs, as in {@code docs/check.md}. Names are as they were recorded. */
public final class JsonReport implements ReportWriter {
    static final String FORMAT = "sandbox-check";
    static final int VERSION = 1;

    @Override
    public String write(CheckResult result) {
        Drift drift = result.drift();
        Optional<Map<String, Object>> readiness =
                result.readiness().map(each -> readiness(Wording.verdict(result), each));
        Map<String, Object> evidence =
                object(
                        "runs", drift.runs(),
                        "calls", drift.distinctCalls(),
                        "records", drift.records());
        FailOn failOn = result.failOn();
        String outcome = result.outcome().name().toLowerCase(Locale.ROOT);
        List<Map<String, Object>> calls =
                drift.calls().stream().map(call -> call(call, failOn.concerns(call))).toList();
        List<Map<String, Object>> unused =
                drift.unused().stream().map(rule -> unused(rule, failOn.unused())).toList();
        return IndentedJson.write(
                object(
                        "format", FORMAT,
                        "version", VERSION,
                        "tool", result.tool(),
                        "policy", result.policyFile(),
                        "outcome", outcome,
                        "fail_on", failOn,
                        "doubts", result.reasonsForDoubt(),
                        "warnings", result.warnings(),
                        "evidence", evidence,
                        "calls", calls,
                        "unused", unused,
                        "readiness", readiness,
                        "exploits", result.gate().map(JsonReport::gate),
                        "update", result.updateCommand()));
    }

    private static Map<String, Object> unused(UnusedRule rule, boolean fails) {
        return object(
                "subject", rule.subject(),
                "line", rule.line(),
                "fails", fails,
                "unreachable", Optional.of(true).filter(flag -> rule.unreachable()));
    }

    private static Map<String, Object> gate(Gate gate) {
        return object(
                "at_least", gate.atLeast(),
                "stopped", gate.stopped(),
                "known", gate.known(),
                "fails", !gate.isMet(),
                "open", gate.open());
    }

    private static Map<String, Object> readiness(String answer, Readiness readiness) {
        return object(
                "answer", answer.replace(' ', '-'),
                "after", readiness.demand().after(),
                "from", readiness.demand().from(),
                "to", readiness.demand().to(),
                "hosts", readiness.hosts().stream().map(JsonReport::host).toList());
    }

    private static Map<String, Object> host(Readiness.Host host) {
        return object(
                "name", host.name(),
                "canaries", host.canaries().size(),
                "last_canary", host.lastCanary(),
                "gap", host.gap().map(gap -> object("from", gap.from(), "to", gap.to())));
    }

    private static Map<String, Object> call(CallDrift call, boolean fails) {
        return object(
                "kind", kind(call),
                "name", call.call().displayName(),
                "arch", call.call().archName(),
                "number", call.call().number(),
                "line", call.line(),
                "fails", fails,
                "ruling", call.ruling().text(),
                "risk", call.facts().map(JsonReport::risk),
                "groups", call.facts().map(SyscallFacts::groups),
                "sibling", call.sibling().map(s -> object("name", s.name(), "unused", s.unused())),
                "count", call.count(),
                "seen", call.seen().stream().map(JsonReport::seen).toList(),
                "tests", call.tests().map(RecordingWriter::tests));
    }

    /** Returns a text such as {@code outside-conditions}. */
    static String kind(CallDrift call) {
        return call.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<String, Object> risk(SyscallFacts facts) {
        return object(
                "level", facts.risk().level().word(),
                "class", facts.risk().word(),
                "reason", facts.riskReason());
    }

    private static Map<String, Object> seen(Seen seen) {
        return object(
                "host", seen.host(),
                "executable", seen.executable(),
                "count", seen.count(),
                "first", seen.first(),
                "first_millis", seen.firstMillis(),
                "origin", seen.origin());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.Readiness;
import io.sandbox.evidence.drift.Seen;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.syscalldb.SyscallFacts;
import java.io.IOException;
import java.util.Locale;

/**
 * The report for programs, in the format of {@code docs/check.md}. Names are written as they were
 * recorded.
 */
public final class JsonReport implements ReportWriter {
    static final String FORMAT = "sandbox-check";
    static final int VERSION = 1;

    @Override
    public String write(CheckResult result) {
        return IndentedJson.write(json -> writeResult(json, result));
    }

    private static void writeResult(JsonGenerator json, CheckResult result) throws IOException {
        json.writeStartObject();
        Drift drift = result.drift();
        json.writeStringField("format", FORMAT);
        json.writeNumberField("version", VERSION);
        json.writeStringField("tool", result.tool());
        json.writeStringField("policy", result.policyFile());
        json.writeStringField("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
        json.writeStringField("fail_on", result.failOn().toString());
        IndentedJson.writeTexts(json, "doubts", result.reasonsForDoubt());
        IndentedJson.writeTexts(json, "warnings", result.warnings());
        json.writeObjectFieldStart("evidence");
        json.writeNumberField("runs", drift.runs());
        json.writeNumberField("calls", drift.distinctCalls());
        json.writeNumberField("records", drift.records());
        json.writeEndObject();
        json.writeArrayFieldStart("calls");
        for (CallDrift call : drift.calls()) {
            writeCall(json, call, result.failOn().concerns(call));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("unused");
        for (UnusedRule rule : drift.unused()) {
            json.writeStartObject();
            json.writeStringField("subject", rule.subject());
            json.writeNumberField("line", rule.line());
            json.writeBooleanField("fails", result.failOn().unused());
            if (rule.unreachable()) {
                json.writeBooleanField("unreachable", true);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        if (result.readiness().isPresent()) {
            writeReadiness(json, Wording.verdict(result), result.readiness().get());
        }
        if (result.gate().isPresent()) {
            writeGate(json, result.gate().get());
        }
        if (result.updateCommand().isPresent()) {
            json.writeStringField("update", result.updateCommand().get());
        }
        json.writeEndObject();
    }

    private static void writeGate(JsonGenerator json, Gate gate) throws IOException {
        json.writeObjectFieldStart("exploits");
        json.writeNumberField("at_least", gate.atLeast());
        json.writeNumberField("stopped", gate.stopped());
        json.writeNumberField("known", gate.known());
        json.writeBooleanField("fails", !gate.isMet());
        IndentedJson.writeTexts(json, "open", gate.open());
        json.writeEndObject();
    }

    private static void writeReadiness(JsonGenerator json, String answer, Readiness readiness)
            throws IOException {
        json.writeObjectFieldStart("readiness");
        json.writeStringField("answer", answer.replace(' ', '-'));
        json.writeStringField("after", readiness.demand().after().toString());
        json.writeStringField("from", readiness.demand().from().toString());
        json.writeStringField("to", readiness.demand().to().toString());
        json.writeArrayFieldStart("hosts");
        for (Readiness.Host host : readiness.hosts()) {
            json.writeStartObject();
            json.writeStringField("name", host.name());
            json.writeNumberField("canaries", host.canaries().size());
            if (host.lastCanary().isPresent()) {
                json.writeStringField("last_canary", host.lastCanary().get().toString());
            }
            if (host.gap().isPresent()) {
                json.writeObjectFieldStart("gap");
                json.writeStringField("from", host.gap().get().from().toString());
                json.writeStringField("to", host.gap().get().to().toString());
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeCall(JsonGenerator json, CallDrift call, boolean fails)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", kind(call));
        json.writeStringField("name", call.call().displayName());
        json.writeStringField("arch", call.call().archName());
        json.writeNumberField("number", call.call().number());
        json.writeNumberField("line", call.line());
        json.writeBooleanField("fails", fails);
        json.writeStringField("ruling", call.ruling().text());
        if (call.facts().isPresent()) {
            writeFacts(json, call.facts().get());
        }
        if (call.sibling().isPresent()) {
            json.writeObjectFieldStart("sibling");
            json.writeStringField("name", call.sibling().get().name());
            json.writeBooleanField("unused", call.sibling().get().unused());
            json.writeEndObject();
        }
        json.writeNumberField("count", call.count());
        json.writeArrayFieldStart("seen");
        for (Seen seen : call.seen()) {
            writeSeen(json, seen);
        }
        json.writeEndArray();
        if (call.tests().isPresent()) {
            RecordingWriter.writeTests(json, call.tests().get());
        }
        json.writeEndObject();
    }

    /** Returns a text such as {@code outside-conditions}. */
    static String kind(CallDrift call) {
        return call.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void writeFacts(JsonGenerator json, SyscallFacts facts) throws IOException {
        json.writeObjectFieldStart("risk");
        json.writeStringField("level", facts.risk().level().word());
        json.writeStringField("class", facts.risk().word());
        json.writeStringField("reason", facts.riskReason());
        json.writeEndObject();
        IndentedJson.writeTexts(json, "groups", facts.groups());
    }

    private static void writeSeen(JsonGenerator json, Seen seen) throws IOException {
        json.writeStartObject();
        if (seen.host().isPresent()) {
            json.writeStringField("host", seen.host().get());
        }
        json.writeStringField("executable", seen.executable());
        json.writeNumberField("count", seen.count());
        json.writeStringField("first", seen.first().toString());
        json.writeNumberField("first_millis", seen.firstMillis());
        if (seen.origin().isPresent()) {
            json.writeStringField("origin", seen.origin().get().toString());
        }
        json.writeEndObject();
    }
}

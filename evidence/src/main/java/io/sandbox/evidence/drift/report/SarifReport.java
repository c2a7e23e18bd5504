// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.UnusedRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * SARIF 2.1.0 of OASIS, for code scanning. Each finding has its line of the policy. The ids of
 * rules and the fingerprints stay the same in all versions.
 */
public final class SarifReport implements ReportWriter {
    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    /** The kinds of findings, in the order of their indexes. */
    private enum Found {
        NEW("A system call that the policy does not allow", "8.0"),
        OUTSIDE_CONDITIONS("A system call with arguments that the policy does not allow", "8.0"),
        UNUSED_RULE("A system call that the policy allows and no run needed", "3.0"),
        NOT_CHECKED("The evidence does not suffice for a check", "5.0"),
        REFUSED("A system call that the policy refuses by decision", "1.0"),
        KNOWN_EXPLOITS("Known exploits that the policy leaves reachable", "7.0");

        private final String description;
        private final String severity;

        Found(String description, String severity) {
            this.description = description;
            this.severity = severity;
        }

        String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Optional<String> page;

    /**
     * @param page the address of a page on this tool, if it is known
     */
    public SarifReport(Optional<String> page) {
        this.page = page;
    }

    @Override
    public String write(CheckResult result) {
        return IndentedJson.write(json -> writeLog(json, result));
    }

    private void writeLog(JsonGenerator json, CheckResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("$schema", SCHEMA);
        json.writeStringField("version", "2.1.0");
        json.writeArrayFieldStart("runs");
        json.writeStartObject();
        writeTool(json, result.tool());
        writeInvocation(json, result);
        json.writeArrayFieldStart("results");
        writeResults(json, result);
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeTool(JsonGenerator json, String version) throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "sandbox-check");
        json.writeStringField("version", version);
        if (page.isPresent()) {
            json.writeStringField("informationUri", page.get());
        }
        json.writeArrayFieldStart("rules");
        for (Found found : Found.values()) {
            json.writeStartObject();
            json.writeStringField("id", found.id());
            writeText(json, "shortDescription", found.description);
            json.writeObjectFieldStart("properties");
            json.writeStringField("security-severity", found.severity);
            IndentedJson.writeTexts(json, "tags", List.of("security"));
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeInvocation(JsonGenerator json, CheckResult result) throws IOException {
        json.writeArrayFieldStart("invocations");
        json.writeStartObject();
        json.writeBooleanField(
                "executionSuccessful", result.outcome() != CheckResult.Outcome.UNCHECKED);
        json.writeArrayFieldStart("toolExecutionNotifications");
        for (String warning : Wording.warnings(result)) {
            json.writeStartObject();
            json.writeStringField("level", "note");
            writeText(json, "message", warning);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void writeResults(JsonGenerator json, CheckResult result) throws IOException {
        String uri = uri(result.policyFile());
        for (String doubt : Wording.doubts(result)) {
            write(json, Found.NOT_CHECKED, "error", doubt, uri, 1, doubt);
        }
        for (CallDrift call : result.drift().notAllowed()) {
            List<String> text = new ArrayList<>(List.of(Wording.title(call)));
            text.addAll(Wording.details(call));
            write(
                    json,
                    found(call),
                    result.failOn().concerns(call) ? "error" : "note",
                    String.join(".\n", text),
                    uri,
                    call.line(),
                    call.call().archName() + " " + call.call().displayName());
        }
        for (UnusedRule rule : result.drift().unused()) {
            write(
                    json,
                    Found.UNUSED_RULE,
                    result.failOn().unused() ? "error" : "note",
                    Wording.title(rule),
                    uri,
                    rule.line(),
                    rule.subject());
        }
        if (result.gate().isPresent() && !result.gate().get().isMet()) {
            Gate gate = result.gate().get();
            List<String> text = new ArrayList<>(List.of(Wording.title(gate)));
            text.addAll(Wording.details(gate));
            write(
                    json,
                    Found.KNOWN_EXPLOITS,
                    "error",
                    String.join(".\n", text),
                    uri,
                    1,
                    "at least " + gate.atLeast());
        }
    }

    private static Found found(CallDrift call) {
        return switch (call.kind()) {
            case NEW -> Found.NEW;
            case REFUSED -> Found.REFUSED;
            case OUTSIDE_CONDITIONS, UNDECIDED -> Found.OUTSIDE_CONDITIONS;
        };
    }

    private static void write(
            JsonGenerator json,
            Found found,
            String level,
            String text,
            String uri,
            int line,
            String fingerprint)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", found.id());
        json.writeNumberField("ruleIndex", found.ordinal());
        json.writeStringField("level", level);
        writeText(json, "message", text);
        json.writeArrayFieldStart("locations");
        json.writeStartObject();
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri);
        json.writeEndObject();
        json.writeObjectFieldStart("region");
        json.writeNumberField("startLine", line);
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndArray();
        json.writeObjectFieldStart("partialFingerprints");
        json.writeStringField("finding/v1", found.id() + " " + fingerprint);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeText(JsonGenerator json, String field, String text)
            throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    /** A path as a URI reference (RFC 3986): relative, or absolute with the scheme file. */
    private static String uri(String path) {
        StringBuilder uri = new StringBuilder(path.startsWith("/") ? "file://" : "");
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    b >= 'a' && b <= 'z'
                            || b >= 'A' && b <= 'Z'
                            || b >= '0' && b <= '9'
                            || "/-._~".indexOf(b) >= 0;
            uri.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xff));
        }
        return uri.toString();
    }
}

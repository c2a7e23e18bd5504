// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import static io.sandbox.evidence.IndentedJson.object;

import io.sandbox.evidence.IndentedJson;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.CheckResult;
import io.sandbox.evidence.drift.Gate;
import io.sandbox.evidence.drift.UnusedRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * SARIF 2.1.0 of OASIS, with stable ids and fingerprints, and each finding's line.
 *
 * @param page the address of a page on this tool, if it is known
 * @param place gives the policy's path in its repository
 */
public record SarifReport(Optional<String> page, UnaryOperator<String> place)
        implements ReportWriter {
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

    @Override
    public String write(CheckResult result) {
        Map<String, Object> run =
                object(
                        "tool", tool(result.tool()),
                        "invocations", List.of(invocation(result)),
                        "results", results(result));
        return IndentedJson.write(
                object("$schema", SCHEMA, "version", "2.1.0", "runs", List.of(run)));
    }

    private Map<String, Object> tool(String version) {
        List<Object> rules = new ArrayList<>();
        for (Found found : Found.values()) {
            rules.add(rule(found));
        }
        return object(
                "driver",
                object(
                        "name", "sandbox-check",
                        "version", version,
                        "informationUri", page,
                        "rules", rules));
    }

    private static Map<String, Object> rule(Found found) {
        return object(
                "id", found.id(),
                "shortDescription", text(found.description),
                "properties",
                        object("security-severity", found.severity, "tags", List.of("security")));
    }

    private static Map<String, Object> invocation(CheckResult result) {
        return object(
                "executionSuccessful",
                result.outcome() != CheckResult.Outcome.UNCHECKED,
                "toolExecutionNotifications",
                Wording.warnings(result).stream()
                        .map(warning -> object("level", "note", "message", text(warning)))
                        .toList());
    }

    private List<Object> results(CheckResult result) {
        List<Object> results = new ArrayList<>();
        String uri = uri(place.apply(result.policyFile()));
        for (String doubt : Wording.doubts(result)) {
            results.add(result(Found.NOT_CHECKED, true, List.of(doubt), uri, 1, doubt));
        }
        for (CallDrift call : result.drift().notAllowed()) {
            List<String> text = Wording.text(result, call);
            boolean fails = result.failOn().concerns(call);
            String about = call.call().archName() + " " + call.call().displayName();
            results.add(result(found(call), fails, text, uri, call.line(), about));
        }
        for (UnusedRule rule : result.drift().unused()) {
            boolean fails = result.failOn().unused();
            List<String> text = List.of(Wording.title(rule));
            results.add(result(Found.UNUSED_RULE, fails, text, uri, rule.line(), rule.subject()));
        }
        if (result.gate().isPresent() && !result.gate().get().isMet()) {
            Gate gate = result.gate().get();
            List<String> text = Wording.text(gate);
            String about = "at least " + gate.atLeast();
            results.add(result(Found.KNOWN_EXPLOITS, true, text, uri, 1, about));
        }
        return results;
    }

    private static Found found(CallDrift call) {
        return switch (call.kind()) {
            case NEW -> Found.NEW;
            case REFUSED -> Found.REFUSED;
            case OUTSIDE_CONDITIONS, OUTSIDE_CONDITIONS_OR_POLICY, UNDECIDED ->
                    Found.OUTSIDE_CONDITIONS;
        };
    }

    private static Map<String, Object> result(
            Found found, boolean fails, List<String> text, String uri, int line, String about) {
        Map<String, Object> place =
                object(
                        "artifactLocation", object("uri", uri),
                        "region", object("startLine", line));
        return object(
                "ruleId", found.id(),
                "ruleIndex", found.ordinal(),
                "level", fails ? "error" : "note",
                "message", text(String.join(".\n", text)),
                "locations", List.of(object("physicalLocation", place)),
                "partialFingerprints", object("finding/v1", found.id() + " " + about));
    }

    private static Map<String, Object> text(String text) {
        return object("text", text);
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

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sandbox.cli.output.Console;
import io.sandbox.evidence.drift.report.IndentedJson;
import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.FleetCall;
import io.sandbox.fleet.FleetProgram;
import io.sandbox.syscalldb.ObservedCall;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** A fleet for programs; docs/fleet.md describes the fields. */
final class FleetData {
    private static final CSVFormat CSV =
            CSVFormat.DEFAULT
                    .builder()
                    .setHeader(
                            "executable",
                            "arch",
                            "call",
                            "number",
                            "hosts",
                            "of",
                            "records",
                            "first",
                            "versions")
                    .setRecordSeparator("\n")
                    .build();

    private FleetData() {}

    static String csv(List<FleetProgram> programs) {
        StringWriter text = new StringWriter();
        try (CSVPrinter csv = new CSVPrinter(text, CSV)) {
            for (FleetProgram program : programs) {
                for (FleetCall call : program.calls()) {
                    ObservedCall observed = ObservedCall.of(program.auditArch(), call.number());
                    csv.printRecord(
                            cell(program.executable()),
                            observed.archName(),
                            observed.displayName(),
                            call.number(),
                            call.hostCount(),
                            program.hostCount(),
                            call.records(),
                            time(call.first()),
                            program.versions().size());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return text.toString();
    }

    /**
     * A text that whoever forges a log can choose. Spreadsheets take a cell that begins like this
     * for a formula, which may run programs or send data elsewhere; an apostrophe makes it a text.
     */
    private static String cell(String text) {
        String shown = Console.printable(text);
        return !shown.isEmpty() && "=+-@".indexOf(shown.charAt(0)) >= 0 ? "'" + shown : shown;
    }

    static String json(Fleet fleet, List<FleetProgram> programs) {
        return IndentedJson.write(json -> writeFleet(json, fleet, programs));
    }

    private static void writeFleet(JsonGenerator json, Fleet fleet, List<FleetProgram> programs)
            throws IOException {
        json.writeStartObject();
        IndentedJson.writeTexts(json, "hosts", fleet.hosts());
        IndentedJson.writeTexts(json, "silent_hosts", fleet.silentHosts());
        json.writeObjectFieldStart("losses");
        for (Map.Entry<String, Set<String>> each : fleet.losses().entrySet()) {
            IndentedJson.writeTexts(json, each.getKey(), each.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("programs");
        for (FleetProgram program : programs) {
            writeProgram(json, fleet, program);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeProgram(JsonGenerator json, Fleet fleet, FleetProgram program)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("executable", program.executable());
        json.writeStringField("arch", ObservedCall.archName(program.auditArch()));
        json.writeNumberField("hosts", program.hostCount());
        json.writeNumberField("records", program.records());
        json.writeStringField("first", time(program.first()));
        json.writeStringField("last", time(program.last()));
        json.writeArrayFieldStart("versions");
        for (Map.Entry<String, BitSet> version : program.versions().entrySet()) {
            json.writeStartObject();
            json.writeStringField("build_id", version.getKey());
            IndentedJson.writeTexts(json, "on", fleet.namesOf(version.getValue()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField(
                "hosts_of_unknown_version", program.hostsOfUnknownVersion().cardinality());
        json.writeArrayFieldStart("calls");
        for (FleetCall call : program.calls()) {
            json.writeStartObject();
            json.writeStringField(
                    "name", ObservedCall.of(program.auditArch(), call.number()).displayName());
            json.writeNumberField("number", call.number());
            json.writeNumberField("hosts", call.hostCount());
            json.writeNumberField("records", call.records());
            json.writeStringField("first", time(call.first()));
            // The shorter of the two tells as much.
            if (2 * call.hostCount() <= program.hostCount()) {
                IndentedJson.writeTexts(json, "on", fleet.namesOf(call.hosts()));
            } else {
                IndentedJson.writeTexts(json, "not_on", fleet.namesOf(program.hostsWithout(call)));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}

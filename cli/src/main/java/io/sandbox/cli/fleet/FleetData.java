// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import static io.sandbox.evidence.IndentedJson.object;

import io.sandbox.cli.output.Console;
import io.sandbox.evidence.IndentedJson;
import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.FleetCall;
import io.sandbox.fleet.FleetProgram;
import io.sandbox.syscalldb.ObservedCall;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** A fleet for programs; docs/fleet.md describes the fields. */
final class FleetData {
    private static final CSVFormat CSV =
            CSVFormat.DEFAULT
                    .builder()
                    .setHeader(
                            "executable arch call number hosts of records first versions"
                                    .split(" "))
                    .setRecordSeparator("\n")
                    .build();

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
        return IndentedJson.write(
                object(
                        "hosts", fleet.hosts(),
                        "silent_hosts", fleet.silentHosts(),
                        "losses", fleet.losses(),
                        "programs", programs.stream().map(each -> program(fleet, each)).toList()));
    }

    private static Map<String, Object> program(Fleet fleet, FleetProgram program) {
        List<Map<String, Object>> versions = new ArrayList<>();
        program.versions()
                .forEach((id, on) -> versions.add(object("build_id", id, "on", fleet.namesOf(on))));
        return object(
                "executable", program.executable(),
                "arch", ObservedCall.archName(program.auditArch()),
                "hosts", program.hostCount(),
                "records", program.records(),
                "first", time(program.first()),
                "last", time(program.last()),
                "versions", versions,
                "hosts_of_unknown_version", program.hostsOfUnknownVersion().cardinality(),
                "calls", program.calls().stream().map(each -> call(fleet, program, each)).toList());
    }

    private static Map<String, Object> call(Fleet fleet, FleetProgram program, FleetCall call) {
        // The shorter of the two tells as much.
        boolean few = 2 * call.hostCount() <= program.hostCount();
        return object(
                "name",
                ObservedCall.of(program.auditArch(), call.number()).displayName(),
                "number",
                call.number(),
                "hosts",
                call.hostCount(),
                "records",
                call.records(),
                "first",
                time(call.first()),
                few ? "on" : "not_on",
                fleet.namesOf(few ? call.hosts() : program.hostsWithout(call)));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}

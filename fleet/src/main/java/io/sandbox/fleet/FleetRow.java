// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.List;

/**
 * A call of a program, as a row of a table; docs/fleet.md describes the columns.
 *
 * @param of how many hosts run the program
 * @param first in ms since the epoch, or since boot
 * @param versions how many versions of the program are known
 */
public record FleetRow(
        String executable,
        String arch,
        String call,
        int number,
        int hosts,
        int of,
        long records,
        long first,
        int versions) {
    /** All calls of some programs. */
    public static List<FleetRow> of(List<FleetProgram> programs) {
        List<FleetRow> rows = new ArrayList<>();
        for (FleetProgram program : programs) {
            for (FleetCall call : program.calls()) {
                ObservedCall observed = ObservedCall.of(program.auditArch(), call.number());
                rows.add(
                        new FleetRow(
                                program.executable(),
                                observed.archName(),
                                observed.displayName(),
                                call.number(),
                                call.hostCount(),
                                program.hostCount(),
                                call.records(),
                                call.first(),
                                program.versions().size()));
            }
        }
        return rows;
    }
}

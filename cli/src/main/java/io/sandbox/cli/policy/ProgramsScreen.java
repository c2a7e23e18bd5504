// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.Styled;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import java.util.Comparator;
import java.util.List;

/** Shows which executable made each call, how often, and the file whose code made the first. */
final class ProgramsScreen {
    private final StringBuilder out = new StringBuilder();

    ProgramsScreen(Styled styled, Recording recording) {
        List<ProgramEvidence> programs =
                recording.runs().stream().flatMap(run -> run.programs().stream()).toList();
        for (ProgramEvidence program : ProgramEvidence.merge(programs)) {
            String name =
                    program.executable().isEmpty()
                            ? "(unknown)"
                            : Console.printable(program.executable());
            out.append(out.isEmpty() ? "" : "\n")
                    .append(styled.bold(name + (program.exec() ? ", in an exec" : "")))
                    .append(": ")
                    .append(program.calls().size())
                    .append('\n');
            program.calls().stream()
                    .sorted(Comparator.comparingLong(CallEvidence::count).reversed())
                    .forEach(call -> append(program.auditArch(), call));
        }
    }

    private void append(int auditArch, CallEvidence call) {
        String name = ObservedCall.of(auditArch, call.number()).displayName();
        String module = call.origin().map(Origin::module).map(Console::printable).orElse("");
        out.append(String.format("%10d  %-17s  %s", call.count(), name, module).stripTrailing());
        out.append('\n');
    }

    @Override
    public String toString() {
        return out.toString();
    }
}

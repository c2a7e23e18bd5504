// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.Styled;
import io.sandbox.evidence.NamesOfProgram;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunCapabilities.Use;
import io.sandbox.syscalldb.Capability;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows the files, addresses and capabilities that each executable used, as far as recorded. */
final class UsedNames {
    static String of(List<Run> runs, Styled styled) {
        Map<String, StringBuilder> lines = new TreeMap<>();
        for (NamesOfProgram<RunAccess.Use> program :
                Run.accessOf(runs).map(RunAccess::programs).orElse(List.of())) {
            for (RunAccess.Use use : RunAccess.Use.values()) {
                for (String name : program.names(use)) {
                    add(lines, program.executable(), use.done(), name);
                }
            }
        }
        RunCapabilities used =
                RunCapabilities.together(runs.stream().map(Run::capabilities).toList())
                        .orElse(RunCapabilities.unrecorded(""));
        for (RunCapabilities.OfProgram program : used.programs()) {
            for (Use use : Use.values()) {
                for (String name : Capability.names(program.set(use))) {
                    String word = use == Use.GRANTED ? granted(used, name) : use.word();
                    add(lines, program.executable(), word, name);
                }
            }
        }
        StringBuilder out = new StringBuilder();
        lines.forEach(
                (executable, uses) ->
                        out.append("\n" + styled.bold(name(executable) + " used") + "\n")
                                .append(uses));
        return out.toString();
    }

    /** What was found out of it, if a run was made without it. */
    private static String granted(RunCapabilities used, String name) {
        long one = Capability.set(List.of(name));
        if ((used.needed() & one) != 0) {
            return "needed";
        }
        return (used.spared() & one) != 0 ? "granted, not needed" : Use.GRANTED.word();
    }

    private static void add(
            Map<String, StringBuilder> lines, String executable, String use, String name) {
        lines.computeIfAbsent(executable, absent -> new StringBuilder())
                .append("  %-22s  %s%n".formatted(use, Console.printable(name)));
    }

    static String name(String executable) {
        return executable.isEmpty() ? "(unknown)" : Console.printable(executable);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.Styled;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.syscalldb.Capability;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows the files, addresses and capabilities that each executable used, as far as recorded. */
final class UsedNames {
    private UsedNames() {}

    static String of(List<Run> runs, Styled styled) {
        Map<String, StringBuilder> lines = new TreeMap<>();
        Run.accessOf(runs).map(RunAccess::programs).orElse(List.of()).stream()
                .forEach(
                        program -> {
                            for (RunAccess.Use use : RunAccess.Use.values()) {
                                for (String name : program.names(use)) {
                                    add(lines, program.executable(), use.done(), name);
                                }
                            }
                        });
        RunCapabilities.together(runs.stream().map(Run::capabilities).toList())
                .map(RunCapabilities::programs)
                .orElse(List.of())
                .forEach(
                        program -> {
                            for (RunCapabilities.Use use : RunCapabilities.Use.values()) {
                                for (String name : Capability.names(program.set(use))) {
                                    add(lines, program.executable(), use.word(), name);
                                }
                            }
                        });
        StringBuilder out = new StringBuilder();
        lines.forEach(
                (executable, uses) ->
                        out.append("\n" + styled.bold(name(executable) + " used") + "\n")
                                .append(uses));
        return out.toString();
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

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All options of all commands, which is the page docs/options.md. */
final class OptionTable {
    /** What is known of an option: it may have several meanings, which would be a mistake. */
    private static final class Row {
        private final Set<String> meanings = new LinkedHashSet<>();
        private final Set<String> commands = new TreeSet<>();
        private String shown = "";
    }

    private final Map<String, Row> rows =
            new TreeMap<>(Comparator.comparing(OptionTable::withoutDashes));

    OptionTable(Collection<CommandHelp> commands) {
        commands.forEach(command -> add(command, command.name().replaceFirst("^sandbox ", "")));
    }

    private static String withoutDashes(String name) {
        return name.replaceFirst("^-+", "");
    }

    private void add(CommandHelp command, String name) {
        for (CommandHelp sub : command.subcommands()) {
            add(sub, name + " " + sub.name());
        }
        if (!command.subcommands().isEmpty()) {
            return;
        }
        for (Parameter option : command.options()) {
            if (!CommandHelp.COMMON.contains(option)) {
                List<String> names = option.names();
                Row row = rows.computeIfAbsent(names.get(names.size() - 1), key -> new Row());
                row.meanings.add(option.meaning().replaceFirst(" \\(default .*?\\)", ""));
                row.commands.add(name);
                row.shown =
                        String.join(", ", names)
                                + (option.takesValue() ? " " + option.label() : "");
            }
        }
    }

    /** The meanings of each option, by its long name. */
    Map<String, Set<String>> meanings() {
        Map<String, Set<String>> meanings = new TreeMap<>();
        rows.forEach((name, row) -> meanings.put(name, row.meanings));
        return meanings;
    }

    /** The page, in Markdown. */
    String page() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Options

                        An option means the same in every verb that has it. `-h` and `-V` are in all of them.
                        This page is made of the texts of `--help`: `OptionTableTest` compares it with them.

                        | option | meaning | verbs |
                        | ------ | ------- | ----- |
                        """);
        rows.forEach(
                (name, row) ->
                        page.append("| `")
                                .append(row.shown)
                                .append("` | ")
                                .append(String.join(" ", row.meanings))
                                .append(" | ")
                                .append(String.join(", ", row.commands))
                                .append(" |\n"));
        return page.toString();
    }
}

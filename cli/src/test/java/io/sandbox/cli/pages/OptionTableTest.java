// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.help.Verbs;
import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One option has one meaning, and the short help fits on a screen. */
class OptionTableTest {
    /** What is left of 80 columns beside the names. */
    private static final int ROOM = 56;

    private static List<CommandHelp> commands;

    @BeforeAll
    static void read() throws Exception {
        commands = Pages.commands(Child.of("../preload/target/sandbox-exec --help").run().out());
    }

    @Test
    void everyOption_hasOneMeaning() {
        List<String> several = new ArrayList<>();
        new OptionTable(commands)
                .rows.forEach(
                        (name, row) -> {
                            if (row.meanings.size() > 1) {
                                several.add(name + ": " + row.meanings);
                            }
                        });
        assertEquals(List.of(), several);
    }

    @Test
    void everyMeaning_fitsBesideItsName() {
        List<CommandHelp.Parameter> longer =
                withSubcommands(commands).stream()
                        .flatMap(command -> command.options().stream())
                        .filter(option -> !option.rare() && option.meaning().length() > ROOM)
                        .toList();
        assertEquals(List.of(), longer);
    }

    private static List<CommandHelp> withSubcommands(List<CommandHelp> of) {
        return of.stream()
                .flatMap(each -> Stream.concat(Stream.of(each), each.subcommands().stream()))
                .toList();
    }

    /** A text of an option that is gone, or a shared one of a single command, is left over. */
    @Test
    void everyText_isUsed() throws Exception {
        Path texts = Path.of("src/main/resources/io/sandbox/cli/options");
        Pattern title = Pattern.compile("(?m)^(--.*|[A-Z]+):$");
        Map<String, Long> users = new TreeMap<>();
        for (CommandHelp command : withSubcommands(commands)) {
            Path file = texts.resolve(command.name().replaceFirst("^sandbox ", "") + ".txt");
            if (command.name().equals("sandbox") || command.name().equals("sandbox-exec")) {
                continue;
            }
            Set<String> own = new TreeSet<>();
            title.matcher(Files.readString(file)).results().forEach(m -> own.add(m.group(1)));
            Stream.concat(command.operands().stream(), command.options().stream())
                    .map(each -> each.names().stream().reduce((a, b) -> b).orElse(each.label()))
                    .filter(name -> !own.remove(name))
                    .forEach(name -> users.merge(name, 1L, Long::sum));
            assertEquals(Set.of(), own, file.toString());
        }
        String shared = Files.readString(texts.resolve("shared.txt"));
        assertFalse(Pattern.compile("[^.)]\n\n--").matcher(shared).find(), "a text has no end");
        title.matcher(shared)
                .results()
                .map(m -> m.group(1))
                .forEach(name -> assertTrue(users.getOrDefault(name, 0L) > 1, name));
    }

    @Test
    void shortHelp_fitsOnAScreen() {
        Stream<Options> verbs = Arrays.stream(Verbs.values()).map(Verbs::options);
        verbs.forEach(
                options -> {
                    List<String> lines = options.shortHelp().lines().toList();
                    assertTrue(lines.size() <= 40, options.name() + ": " + lines.size());
                    for (String line : lines) {
                        assertTrue(line.length() <= 80, options.name() + ": " + line);
                    }
                });
    }

    @Test
    void page_isTheTable() throws Exception {
        isWritten(Path.of("../docs/options.md"), new OptionTable(commands).page());
    }

    /** For whoever gives an option to another verb. */
    @Test
    void verbsOfOptions_areTheTable() throws Exception {
        Path file = Path.of("src/main/resources/io/sandbox/cli/options/verbs.tsv");
        isWritten(file, new OptionTable(commands).verbs());
    }

    private static void isWritten(Path page, String wanted) throws IOException {
        if (Boolean.getBoolean("fixtures.rewrite")) {
            Files.writeString(page, wanted);
        }
        assertEquals(wanted, Files.readString(page), "-Dfixtures.rewrite=true writes it");
    }

    /** All options of all commands, which is the page docs/options.md. */
    private static final class OptionTable {
        /** What is known of an option: it may have several meanings, which would be a mistake. */
        private static final class Row {
            private final Set<String> meanings = new LinkedHashSet<>();
            private final Set<String> commands = new TreeSet<>();
            private String shown = "";
        }

        private final Map<String, Row> rows =
                new TreeMap<>(Comparator.comparing(name -> name.replaceFirst("^-+", "")));

        OptionTable(Collection<CommandHelp> commands) {
            commands.forEach(command -> add(command, command.name().replaceFirst("^sandbox ", "")));
        }

        private void add(CommandHelp command, String name) {
            command.subcommands().forEach(sub -> add(sub, name + " " + sub.name()));
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

        String verbs() {
            StringBuilder lines =
                    new StringBuilder("# Option\tVerbs; OptionTableTest writes this file\n");
            rows.forEach(
                    (name, row) ->
                            lines.append(name + "\t" + String.join(", ", row.commands) + "\n"));
            return lines.toString();
        }

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
                    (name, row) -> {
                        String meanings = String.join(" ", row.meanings);
                        String commands = String.join(", ", row.commands);
                        page.append(
                                "| `%s` | %s | %s |\n".formatted(row.shown, meanings, commands));
                    });
            return page.toString();
        }
    }
}

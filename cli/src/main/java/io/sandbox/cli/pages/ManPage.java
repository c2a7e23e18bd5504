// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command's manual page of section 1, in the macros of man(7).
 *
 * @param version the text of {@code --version}
 * @param all all commands that have pages, including this one
 */
record ManPage(CommandHelp command, LocalDate date, String version, List<String> all) {
    /** A paragraph, or lines that are shown unchanged. */
    private static final Pattern PIECE = Pattern.compile("(?m)^ .*(\n .*)*|^.+$");

    String text() {
        return Template.filled("page.man", this);
    }

    String title() {
        return Roff.escape(command.link()).toUpperCase(Locale.ROOT);
    }

    /** The header is a sentence. Here it is the rest of the line "sandbox log - ...". */
    String name() {
        String open = command.header().replaceFirst("\\.$", "");
        return Roff.paragraph(
                command.link()
                        + " - "
                        + open.substring(0, 1).toLowerCase(Locale.ROOT)
                        + open.substring(1));
    }

    Part page() {
        return new Part(command, command.name(), command.options());
    }

    List<Part> commands() {
        return command.subcommands().stream()
                .map(
                        sub ->
                                new Part(
                                        sub,
                                        command.name() + " " + sub.name(),
                                        sub.options().stream()
                                                .filter(each -> !CommandHelp.COMMON.contains(each))
                                                .toList()))
                .toList();
    }

    boolean hasCommands() {
        return !command.subcommands().isEmpty();
    }

    List<String> others() {
        return all.stream().filter(other -> !other.equals(command.link())).toList();
    }

    private static String lines(List<String> lines) {
        return PIECE.matcher(String.join("\n", lines))
                .results()
                .map(MatchResult::group)
                .map(piece -> piece.startsWith(" ") ? block(piece) : Roff.paragraph(piece))
                .collect(Collectors.joining("\n.PP\n"));
    }

    private static String block(String lines) {
        return lines.stripIndent()
                .lines()
                .map(Roff::line)
                .collect(Collectors.joining("\n", ".RS 4\n.EX\n", "\n.EE\n.RE"));
    }

    /** A command or a subcommand. */
    record Part(CommandHelp help, String name, List<Parameter> options) {
        String header() {
            return Roff.paragraph(help.header());
        }

        List<String> synopsis() {
            return help.synopsis().stream().map(line -> Roff.synopsis(name, line)).toList();
        }

        boolean hasDescription() {
            return !help.description().isEmpty();
        }

        String description() {
            return lines(help.description());
        }

        List<Entry> parameters() {
            return Stream.concat(help.operands().stream(), options.stream())
                    .filter(each -> !each.description().isEmpty())
                    .map(each -> new Entry(head(each), Roff.paragraph(each.description())))
                    .toList();
        }

        private static String head(Parameter parameter) {
            String value = Roff.italic(parameter.label());
            if (parameter.names().isEmpty()) {
                return value + (parameter.repeated() ? "..." : "");
            }
            return parameter.names().stream().map(Roff::bold).collect(Collectors.joining(", "))
                    + (parameter.takesValue() ? "=" + value : "");
        }

        /** Only those of a whole command have headings. */
        List<Entry> sections() {
            List<Entry> sections = new ArrayList<>();
            help.sections()
                    .forEach(
                            (title, lines) -> {
                                String first = lines.get(0);
                                List<String> all = new ArrayList<>(lines);
                                all.set(
                                        0,
                                        name.equals(help.name())
                                                ? first.substring(0, 1).toUpperCase(Locale.ROOT)
                                                        + first.substring(1)
                                                : title + ": " + first);
                                sections.add(new Entry(title.toUpperCase(Locale.ROOT), lines(all)));
                            });
            return sections;
        }
    }

    /** A parameter or a section. */
    record Entry(String head, String text) {}
}

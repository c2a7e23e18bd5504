// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Makes a command's manual page of section 1, in the macros of man(7). */
final class ManPage {
    private final CommandHelp command;
    private final LocalDate date;
    private final String version;
    private final List<String> commands;
    private final StringBuilder out = new StringBuilder();

    /**
     * @param version the text of {@code --version}
     * @param commands all commands that have pages, including this one
     */
    ManPage(CommandHelp command, LocalDate date, String version, List<String> commands) {
        this.command = command;
        this.date = date;
        this.version = version;
        this.commands = commands;
    }

    String text() {
        out.setLength(0);
        String name = Roff.escape(command.link());
        out.append(".\\\" Made by the build from the texts of --help.\n");
        out.append(".TH ").append(name.toUpperCase(Locale.ROOT)).append(" 1 ");
        out.append(date).append(" \"").append(Roff.escape(version)).append("\"\n");
        heading("NAME");
        out.append(Roff.paragraph(command.link() + " - " + phrase(command.header())));
        heading("SYNOPSIS");
        synopsis(command, command.name());
        heading("DESCRIPTION");
        lines(command.description());
        heading("OPTIONS");
        parameters(command, command.options());
        if (!command.subcommands().isEmpty()) {
            heading("COMMANDS");
            command.subcommands().forEach(this::subcommand);
        }
        command.sections()
                .forEach(
                        (title, lines) -> {
                            List<String> all = new ArrayList<>(lines);
                            all.set(0, capitalised(lines.get(0)));
                            heading(title.toUpperCase(Locale.ROOT));
                            lines(all);
                        });
        heading("SEE ALSO");
        out.append(seeAlso()).append('\n');
        return out.toString();
    }

    private void heading(String title) {
        out.append(".SH ").append(title).append('\n');
    }

    /** Turns a sentence into the rest of the line "sandbox log - ..." in NAME. */
    private static String phrase(String sentence) {
        String open = sentence.replaceFirst("\\.$", "");
        return open.substring(0, 1).toLowerCase(Locale.ROOT) + open.substring(1);
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void subcommand(CommandHelp sub) {
        String name = command.name() + " " + sub.name();
        out.append(".SS ").append(Roff.escape(name)).append('\n');
        out.append(Roff.paragraph(sub.header()));
        out.append(".PP\n");
        synopsis(sub, name);
        if (!sub.description().isEmpty()) {
            out.append(".PP\n");
            lines(sub.description());
        }
        parameters(
                sub,
                sub.options().stream().filter(each -> !CommandHelp.COMMON.contains(each)).toList());
        sub.sections()
                .forEach(
                        (title, lines) -> {
                            List<String> all = new ArrayList<>(lines);
                            all.set(0, title + ": " + lines.get(0));
                            out.append(".PP\n");
                            lines(all);
                        });
    }

    private void synopsis(CommandHelp of, String name) {
        out.append(".nf\n");
        of.synopsis().forEach(line -> out.append(Roff.synopsis(name, line)));
        out.append(".fi\n");
    }

    /** Appends paragraphs, and blocks of lines that are shown unchanged. */
    private void lines(List<String> lines) {
        int i = 0;
        while (i < lines.size()) {
            out.append(i > 0 ? ".PP\n" : "");
            int end = i;
            while (end < lines.size() && lines.get(end).startsWith(" ")) {
                end++;
            }
            if (end == i) {
                out.append(Roff.paragraph(lines.get(i)));
                i++;
            } else {
                block(lines.subList(i, end));
                i = end;
            }
        }
    }

    private void block(List<String> lines) {
        out.append(".RS 4\n.EX\n");
        String.join("\n", lines).stripIndent().lines().map(Roff::line).forEach(out::append);
        out.append(".EE\n.RE\n");
    }

    private void parameters(CommandHelp of, List<Parameter> options) {
        for (Parameter operand : of.operands()) {
            if (!operand.description().isEmpty()) {
                String more = operand.repeated() ? "..." : "";
                parameter(Roff.italic(operand.label()) + more, operand);
            }
        }
        options.forEach(option -> parameter(names(option), option));
    }

    private void parameter(String head, Parameter parameter) {
        out.append(".TP\n").append(head).append('\n');
        out.append(Roff.paragraph(parameter.description()));
    }

    private static String names(Parameter option) {
        String names = option.names().stream().map(Roff::bold).collect(Collectors.joining(", "));
        if (!option.takesValue()) {
            return names;
        }
        String value = "=" + Roff.italic(option.label());
        return names + value;
    }

    private String seeAlso() {
        return commands.stream()
                .filter(other -> !other.equals(command.link()))
                .map(other -> Roff.bold(other) + "(1)")
                .collect(Collectors.joining(",\n", "", ",\n" + Roff.bold("libsandbox") + "(7)"));
    }
}

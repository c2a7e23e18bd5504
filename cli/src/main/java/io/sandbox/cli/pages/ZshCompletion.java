// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import java.util.ArrayList;
import java.util.List;

/** Makes a command's completion for zsh: calls of {@code _arguments}, which does the work. */
final class ZshCompletion {
    private static final String SUBCOMMANDS =
            """
            if ((CURRENT > 2)); then
            	shift words
            	((CURRENT--))
            	case $words[1] in
            %s	esac
            	return
            fi
            local -a subcommands=(
            %s)
            """;

    /** Three colons restrict "words" to those of the program. A -- may precede it. */
    private static final String PROGRAM =
            "*:::PROGRAM:{[[ $words[1] != -- ]] || { shift words; ((CURRENT--)) }; _normal}";

    private final CommandHelp command;

    ZshCompletion(CommandHelp command) {
        this.command = command;
    }

    String text() {
        StringBuilder out = new StringBuilder("#compdef " + command.link() + "\n");
        out.append("# Made by the build from the texts of --help.\n");
        if (command.subcommands().isEmpty()) {
            return out.append(arguments(command, "", operands(command))).toString();
        }
        StringBuilder cases = new StringBuilder();
        StringBuilder described = new StringBuilder();
        for (CommandHelp sub : command.subcommands()) {
            cases.append("\t").append(sub.name()).append(")\n");
            cases.append(arguments(sub, "\t\t", operands(sub))).append("\t\t;;\n");
            String line = sub.name() + ":" + escape(Described.briefly(sub.header()));
            described.append("\t").append(quote(line)).append("\n");
        }
        out.append(SUBCOMMANDS.formatted(cases, described));
        List<String> first = List.of("1: :{_describe COMMAND subcommands}");
        return out.append(arguments(command, "", first)).toString();
    }

    private static String arguments(CommandHelp of, String indent, List<String> operands) {
        List<String> words = new ArrayList<>();
        for (Parameter option : of.options()) {
            for (String name : option.names()) {
                words.add(option(option, name));
            }
        }
        words.addAll(operands);
        // With -A, words after the first operand are not our options.
        String head = Offer.runsProgram(of) ? "_arguments -S -A '-*'" : "_arguments -S";
        StringBuilder out = new StringBuilder(indent + head);
        words.forEach(word -> out.append(" \\\n\t").append(indent).append(quote(word)));
        return out.append("\n").toString();
    }

    private static String option(Parameter option, String name) {
        String before = "";
        if (CommandHelp.COMMON.contains(option)) {
            before = "(- *)";
        } else if (option.repeated()) {
            before = "*";
        } else if (option.names().size() > 1) {
            before = "(" + String.join(" ", option.names()) + ")";
        }
        String behind = "";
        if (option.takesValue()) {
            behind = name.startsWith("--") ? "=" : "+";
        }
        String description = "[" + escape(Described.briefly(option.description())) + "]";
        String value = value(option);
        return before + name + behind + description + (option.takesValue() ? value : "");
    }

    private static List<String> operands(CommandHelp of) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < of.operands().size(); i++) {
            Parameter operand = of.operands().get(i);
            String place = operand.repeated() ? "*" : String.valueOf(i + 1);
            boolean program = Offer.of(operand).kind() == Offer.Kind.PROGRAM;
            all.add(program ? PROGRAM : place + value(operand));
        }
        return all;
    }

    private static String value(Parameter parameter) {
        Offer offer = Offer.of(parameter);
        String action =
                switch (offer.kind()) {
                    case FILES -> "_files";
                    case WORDS -> "(" + offer.joined() + ")";
                    case BEGINNINGS -> "{compadd -S \"\" -- " + offer.joined() + "}";
                    case NOTHING, PROGRAM -> " ";
                };
        return ":" + escape(parameter.label()) + ":" + action;
    }

    /** Escapes the characters that separate parts of a word for _arguments and _describe. */
    private static String escape(String text) {
        return text.replaceAll("[\\\\:\\[\\]]", "\\\\$0");
    }

    private static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}

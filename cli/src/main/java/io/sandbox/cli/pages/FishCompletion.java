// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import io.sandbox.text.Shipped;
import java.util.List;
import java.util.stream.Collectors;

/** Makes a command's completion for fish: calls of {@code complete}. */
final class FishCompletion {
    /** The function prints the program's words; it fails with the cursor before the program. */
    private static final String PROGRAM = Shipped.text(FishCompletion.class, "program.fish");

    private final CommandHelp command;
    private final StringBuilder out = new StringBuilder();

    FishCompletion(CommandHelp command) {
        this.command = command;
    }

    String text() {
        out.setLength(0);
        out.append("# Made by the build from the texts of --help.\n");
        out.append("complete -c ").append(command.link()).append(" -f\n");
        String condition = "";
        if (Offer.runsProgram(command)) {
            String function = "__fish_" + command.link().replace('-', '_') + "_program";
            String before = "(seq " + (command.operands().size() - 1) + ")";
            out.append(PROGRAM.formatted(function, optionsOf(command), before, command.link()));
            condition = "not " + function;
        } else if (!command.subcommands().isEmpty()) {
            condition = "__fish_use_subcommand";
        }
        parameters(command, condition);
        for (CommandHelp sub : command.subcommands()) {
            complete("__fish_use_subcommand", "-a " + sub.name(), sub.header());
            parameters(sub, "__fish_seen_subcommand_from " + sub.name());
        }
        return out.toString();
    }

    /** The options in the form of argparse. */
    private static String optionsOf(CommandHelp of) {
        return of.options().stream().map(FishCompletion::option).collect(Collectors.joining(" "));
    }

    private static String option(Parameter option) {
        List<String> names =
                option.names().stream().map(name -> name.replaceFirst("^--?", "")).toList();
        String value = option.repeated() ? "=+" : "=";
        return quote(String.join("/", names) + (option.takesValue() ? value : ""));
    }

    private void parameters(CommandHelp of, String condition) {
        for (Parameter option : of.options()) {
            String names =
                    option.names().stream()
                            .map(FishCompletion::flag)
                            .collect(Collectors.joining(" "));
            complete(condition, names + value(option), option.description());
        }
        for (Offer offer : of.operands().stream().map(Offer::of).distinct().toList()) {
            switch (offer.kind()) {
                case FILES -> complete(condition, "-F", "");
                case WORDS, BEGINNINGS -> complete(condition, "-a " + quote(offer.joined()), "");
                case NOTHING, PROGRAM -> {}
            }
        }
    }

    private static String flag(String name) {
        return name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1);
    }

    private static String value(Parameter option) {
        if (!option.takesValue()) {
            return "";
        }
        Offer offer = Offer.of(option);
        return switch (offer.kind()) {
            case FILES -> " -r -F";
            case WORDS, BEGINNINGS -> " -x -a " + quote(offer.joined());
            case NOTHING, PROGRAM -> " -x";
        };
    }

    private void complete(String condition, String what, String description) {
        out.append("complete -c ").append(command.link());
        out.append(condition.isEmpty() ? "" : " -n " + quote(condition)).append(' ').append(what);
        String brief = Described.briefly(description);
        out.append(brief.isEmpty() ? "" : " -d " + quote(brief)).append('\n');
    }

    private static String quote(String word) {
        return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

/** The help that fits on one screen: what a command is for, and one line for each usual option. */
final class ShortHelp {
    private static final int WIDTH = 80;
    private static final int NAMES = 22;
    private static final String USAGE = "Usage: ";

    static String of(CommandHelp help) {
        StringBuilder text = new StringBuilder();
        String header = help.header();
        int cut = header.length() <= WIDTH ? header.length() : header.lastIndexOf(' ', WIDTH);
        text.append(header, 0, cut).append('\n').append(header.substring(cut).strip());
        text.append(cut < header.length() ? "\n\n" : "\n");
        for (String way : help.synopsis()) {
            text.append(text.indexOf(USAGE) < 0 ? USAGE : " ".repeat(USAGE.length()));
            int room = WIDTH - USAGE.length();
            int end = way.length() <= room ? way.length() : way.lastIndexOf(' ', room);
            text.append(way, 0, end).append('\n');
            if (end < way.length()) {
                text.append(" ".repeat(2 * USAGE.length())).append(way.substring(end + 1));
                text.append('\n');
            }
        }
        text.append('\n');
        for (CommandHelp command : help.subcommands()) {
            line(text, command.name(), command.header());
        }
        for (CommandHelp.Parameter option : help.options()) {
            if (!option.rare()) {
                line(text, names(option), option.meaning());
            }
        }
        return text.append("\n--help shows the whole help.\n").toString();
    }

    private static String names(CommandHelp.Parameter option) {
        String names = String.join(", ", option.names());
        return option.takesValue() ? names + " " + option.label() : names;
    }

    private static void line(StringBuilder text, String name, String about) {
        String shown = "  " + name;
        text.append(shown).append(" ".repeat(Math.max(2, NAMES + 2 - shown.length())));
        int room = WIDTH - Math.max(NAMES + 2, shown.length() + 2);
        text.append(about.length() <= room ? about : about.substring(0, room - 3) + "...");
        text.append('\n');
    }
}

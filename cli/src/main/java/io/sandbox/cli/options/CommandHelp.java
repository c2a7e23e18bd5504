// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.util.List;
import java.util.Map;

/**
 * The content of a command's help, for other forms of it. As in {@link Usage}, a line that begins
 * with a blank must be shown unchanged.
 *
 * @param synopsis each way to write the command line
 * @param operands in their order; only the last may be given several times
 * @param sections the sections after the options: their lines by title, in order
 */
public record CommandHelp(
        String name,
        String header,
        List<String> synopsis,
        List<String> description,
        List<Parameter> operands,
        List<Parameter> options,
        Map<String, List<String>> sections,
        List<CommandHelp> subcommands) {

    static final String OF_HELP = "Show help (-h: the short one) and exit.";
    static final String OF_VERSION = "Print version information and exit.";

    /** The name of its page, of its completion, and of the link that stands for it. */
    public String link() {
        return name.replace(' ', '-');
    }

    public CommandHelp named(String other) {
        return new CommandHelp(
                other, header, synopsis, description, operands, options, sections, subcommands);
    }

    /** The options of every command. */
    public static final List<Parameter> COMMON =
            List.of(flag(OF_HELP, "-h", "--help"), flag(OF_VERSION, "-V", "--version"));

    private static Parameter flag(String description, String... names) {
        return new Parameter(List.of(names), "", false, false, description, List.of());
    }

    /** An operand that only the synopsis describes. */
    public static Parameter operand(String label) {
        return new Parameter(List.of(), label, false, false, "", List.of());
    }

    /**
     * An option or an operand.
     *
     * @param names none for an operand
     * @param label the placeholder for the value; empty if the option takes no value
     * @param rare whether the short help leaves it out
     * @param description empty for an operand that is only in the synopsis
     * @param choices the values that shells complete; empty if the label decides
     */
    public record Parameter(
            List<String> names,
            String label,
            boolean repeated,
            boolean rare,
            String description,
            List<String> choices) {

        public boolean takesValue() {
            return !label.isEmpty();
        }

        /** The description's first sentence, the same for every command with the option. */
        public String meaning() {
            int end = description.indexOf(". ");
            return end < 0 ? description : description.substring(0, end + 1);
        }
    }
}

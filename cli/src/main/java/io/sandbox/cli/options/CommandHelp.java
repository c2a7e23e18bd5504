// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.util.List;
import java.util.Map;

/**
 * What the help of a command says, for those who say it in another form. As in {@link Usage}, a
 * line that begins with a blank is to be shown as it is.
 *
 * @param synopsis each way to write the command line
 * @param operands in their order; only the last may be given several times
 * @param sections what comes behind the options: lines by title, in their order
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

    static final String OF_HELP = "Show this help message and exit.";
    static final String OF_VERSION = "Print version information and exit.";

    /** The options that each command has. */
    public static final List<Parameter> COMMON =
            List.of(flag(OF_HELP, "-h", "--help"), flag(OF_VERSION, "-V", "--version"));

    private static Parameter flag(String description, String... names) {
        return new Parameter(List.of(names), "", false, false, description, List.of());
    }

    /**
     * An option or an operand.
     *
     * @param names none for an operand
     * @param label stands for the value; empty if the option takes none
     * @param description empty for an operand that only the synopsis has
     * @param choices the values there are; empty if they are not counted
     */
    public record Parameter(
            List<String> names,
            String label,
            boolean valueOptional,
            boolean repeated,
            String description,
            List<String> choices) {

        public boolean takesValue() {
            return !label.isEmpty();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import java.util.List;

/** What the templates of completions are filled with. */
final class Completion {
    private static final int LIMIT = 70;

    /** The first sentence, cut to the length of a line. */
    static String briefly(String description) {
        int end = description.indexOf(". ");
        String sentence = end < 0 ? description : description.substring(0, end);
        sentence = sentence.replaceFirst("\\.$", "");
        return sentence.length() <= LIMIT
                ? sentence
                : sentence.substring(0, sentence.lastIndexOf(' ', LIMIT)) + " ...";
    }

    /**
     * A command or a subcommand.
     *
     * @param link the name of the whole command
     * @param begin the index of the first word after the name
     */
    record Part(CommandHelp help, String link, String function, int begin) {
        static Part of(CommandHelp help) {
            return new Part(help, help.link(), "_" + help.link().replace('-', '_'), 1);
        }

        List<Part> subcommands() {
            return help.subcommands().stream()
                    .map(sub -> new Part(sub, link, function + "_" + sub.name(), 2))
                    .toList();
        }

        boolean hasSubcommands() {
            return !help.subcommands().isEmpty();
        }

        /** The parts that have operands. */
        List<Part> parts() {
            return hasSubcommands() ? subcommands() : List.of(this);
        }

        boolean isSubcommand() {
            return begin > 1;
        }

        String name() {
            return help.name();
        }

        String brief() {
            return briefly(help.header());
        }

        List<Word> options() {
            return help.options().stream().map(Word::new).toList();
        }

        List<Word> valued() {
            return options().stream().filter(option -> option.of.takesValue()).toList();
        }

        boolean takesValues() {
            return !valued().isEmpty();
        }

        List<Word> operands() {
            return help.operands().stream().map(Word::new).toList();
        }

        /** Whether the last operand is a program, whose words follow. */
        boolean runsProgram() {
            return operands().stream().anyMatch(Word::isProgram);
        }

        /** Counted from 1. */
        int programPlace() {
            return help.operands().size();
        }
    }

    /** An option, or an operand, which has no names. */
    record Word(Parameter of) {
        List<Name> names() {
            return of.names().stream().map(Name::new).toList();
        }

        String brief() {
            return briefly(of.description());
        }

        boolean isCommon() {
            return CommandHelp.COMMON.contains(of);
        }

        boolean isRepeated() {
            return of.repeated();
        }

        boolean excludesOthers() {
            return of.names().size() > 1 && !isCommon() && !isRepeated();
        }

        boolean isProgram() {
            return offer().isProgram();
        }

        Offer offer() {
            return Offer.of(of);
        }
    }

    /** Of an option. */
    record Name(String text) {
        boolean isLong() {
            return text.startsWith("--");
        }

        /** Without dashes. */
        String bare() {
            return text.replaceFirst("^--?", "");
        }
    }
}

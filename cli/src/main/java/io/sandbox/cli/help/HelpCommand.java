// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.help;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.outcome.ExitCodes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code sandbox} without a verb: the list of all, the page of one, or what a mistake meant. */
public final class HelpCommand {
    private HelpCommand() {}

    public static void main(String[] words) {
        System.exit(run(List.of(words)));
    }

    private static int run(List<String> words) {
        String first = words.isEmpty() ? "help" : words.get(0);
        if (first.equals("-V") || first.equals("--version")) {
            return print(Cli.version() + "\n");
        }
        if (!List.of("help", "-h", "--help").contains(first)) {
            return refuse(first);
        }
        if (words.size() < 2) {
            return print(overview());
        }
        Optional<Verbs> verb = Verbs.named(words.get(1));
        return verb.isPresent()
                ? print(verb.get().options().wholeHelp(words.subList(2, words.size())))
                : refuse(words.get(1));
    }

    private static int print(String text) {
        new StandardOutput().print(text);
        return ExitCodes.OK;
    }

    private static int refuse(String word) {
        List<String> verbs = Arrays.stream(Verbs.values()).map(Verbs::toString).toList();
        new Console("sandbox")
                .say(
                        word
                                + ": no such verb"
                                + Options.nearest(word, verbs)
                                        .map(verb -> " (did you mean " + verb + "?)")
                                        .orElse(" (sandbox help lists them)"));
        return ExitCodes.LOOKUP_ERROR;
    }

    static String overview() {
        StringBuilder text =
                new StringBuilder(
                        "Learns the system calls that a program needs, and allows it no others.\n\n"
                                + "  sandbox learn -o ls.env ls /\n"
                                + "  sandbox run --policy ls.env ls /\n\n"
                                + "Verbs:\n");
        for (Verbs verb : Verbs.values()) {
            text.append(String.format("  %-16s %s%n", verb, verb.about()));
        }
        return text.append(
                        "\nsandbox VERB -h: the usual options. sandbox help VERB: all of them.\n")
                .toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.help.Verbs;
import io.sandbox.cli.options.CommandHelp;
import io.sandbox.text.Shipped;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page and the completions of {@code sandbox} itself. A completion has the verbs; what follows
 * a verb is completed as if the link {@code sandbox-VERB} had been typed.
 */
final class ProgramPage {
    String bash() {
        String verbs =
                Arrays.stream(Verbs.values()).map(Verbs::toString).collect(Collectors.joining(" "));
        return script("sandbox.bash").formatted(verbs + " help");
    }

    String zsh() {
        return script("sandbox.zsh").formatted(forEachVerb("\t'%s:%s'\n"));
    }

    String fish() {
        return script("sandbox.fish")
                + forEachVerb("complete -c sandbox -n 'not __fish_sandbox_verb' -a %s -d \"%s\"\n");
    }

    private static String script(String file) {
        return Shipped.text(ProgramPage.class, file);
    }

    /** A line for each verb, with its name and what it does. */
    private static String forEachVerb(String line) {
        return Arrays.stream(Verbs.values())
                .map(verb -> String.format(line, verb, verb.about()))
                .collect(Collectors.joining());
    }

    CommandHelp help() {
        List<String> verbs =
                Arrays.stream(Verbs.values())
                        .map(verb -> String.format("  %-16s %s", verb, verb.about()))
                        .toList();
        return new CommandHelp(
                "sandbox",
                "Learns the system calls that a program needs, and allows it no others.",
                List.of("sandbox VERB [OPTIONS] ...", "sandbox help VERB"),
                List.of("Each verb has a page of its own, such as sandbox-learn(1)."),
                List.of(),
                CommandHelp.COMMON,
                Map.of("Verbs", verbs),
                List.of());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.help.Verbs;
import io.sandbox.cli.options.CommandHelp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The page and the completions of {@code sandbox} itself. A completion has the verbs; what follows
 * a verb is completed as if the link {@code sandbox-VERB} had been typed.
 */
final class ProgramPage {
    private ProgramPage() {}

    /** In the template, a verb. */
    record Verb(String name, String about) {}

    static Map<String, List<Verb>> values() {
        return Map.of(
                "verbs",
                Arrays.stream(Verbs.values())
                        .map(verb -> new Verb(verb.toString(), verb.about()))
                        .toList());
    }

    static CommandHelp help() {
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

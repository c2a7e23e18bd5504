// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.Cli;
import io.sandbox.cli.help.Verbs;
import io.sandbox.cli.options.CommandHelp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes all commands' manual pages and completions to where programs look for them.
 *
 * <p>The writers are our own. Those of picocli need Asciidoctor, and know no shell but bash.
 */
public final class Pages {
    private static final String OTHER_NAME = "sandboxify";

    /** Endings of templates, and where a shell looks for what is made of them. */
    private static final List<String> COMPLETIONS =
            List.of(
                    ".bash bash-completion/completions/%s",
                    ".zsh zsh/site-functions/_%s", ".fish fish/vendor_completions.d/%s.fish");

    private Pages() {}

    /**
     * @param arguments a folder with the layout of {@code /usr/share}; the date of the pages; the
     *     output of {@code sandbox-exec --help}
     */
    public static void main(String[] arguments) throws IOException {
        Path share = Path.of(arguments[0]);
        LocalDate date = LocalDate.parse(arguments[1]);
        List<CommandHelp> commands = commands(arguments[2]);
        List<String> links = new ArrayList<>(List.of("sandbox"));
        commands.forEach(command -> links.add(command.link()));
        String version = Cli.version();
        writePage(share, "sandbox", new ManPage(ofSandbox(), date, version, links).text());
        writeCompletions(share, "sandbox", "sandbox", values());
        for (CommandHelp command : commands) {
            writePage(share, command.link(), new ManPage(command, date, version, links).text());
            writeCompletions(share, command.link(), "command", Completion.Part.of(command));
        }
        // The name that stands beside sandbox-run.
        writePage(share, OTHER_NAME, ".so man1/sandbox-run.1\n");
        CommandHelp other = Verbs.RUN.options().help().named(OTHER_NAME);
        writeCompletions(share, OTHER_NAME, "command", Completion.Part.of(other));
    }

    private static void writeCompletions(Path share, String name, String templates, Object values)
            throws IOException {
        for (String form : COMPLETIONS) {
            String template = templates + form.substring(0, form.indexOf(' '));
            String file = form.substring(form.indexOf(' ') + 1).formatted(name);
            write(share.resolve(file), Template.filled(template, values));
        }
    }

    private static void writePage(Path share, String name, String text) throws IOException {
        write(share.resolve("man/man1/" + name + ".1"), text);
    }

    static List<CommandHelp> commands(String helpOfSandboxExec) {
        return Stream.concat(
                        Stream.of(Verbs.values()).map(verb -> verb.options().help()),
                        Stream.of(SandboxExecHelp.parse(helpOfSandboxExec)))
                .toList();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** In the template, a verb. */
    record Verb(String name, String about) {}

    /**
     * For the completions of {@code sandbox} itself: the verbs. What follows a verb is completed as
     * if the link {@code sandbox-VERB} had been typed.
     */
    private static Map<String, List<Verb>> values() {
        return Map.of(
                "verbs",
                Arrays.stream(Verbs.values())
                        .map(verb -> new Verb(verb.toString(), verb.about()))
                        .toList());
    }

    private static CommandHelp ofSandbox() {
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

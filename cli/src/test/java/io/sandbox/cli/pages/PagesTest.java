// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.help.Verbs;
import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.options.CommandHelp.Parameter;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PagesTest {
    private static final String MAN = "man/man1/%s.1";
    private static final String BASH = "bash-completion/completions/%s";
    private static final String ZSH = "zsh/site-functions/_%s";
    private static final String FISH = "fish/vendor_completions.d/%s.fish";

    /** Written by hand: a library has no help. */
    private static final Path OF_LIBRARY = Path.of("../preload/libsandbox.7");

    @TempDir private static Path share;

    private static String helpOfSandboxExec;
    private static List<CommandHelp> commands;

    @BeforeAll
    static void write() throws Exception {
        helpOfSandboxExec = Child.of("../preload/target/sandbox-exec --help").run().out();
        commands = Pages.commands(helpOfSandboxExec);
        Pages.main(new String[] {share.toString(), "2026-11-24", helpOfSandboxExec});
    }

    private static String written(String form, CommandHelp command) throws IOException {
        return Files.readString(file(form, command));
    }

    private static Path file(String form, CommandHelp command) {
        return share.resolve(form.formatted(command.link()));
    }

    private static List<CommandHelp> withSubcommands(CommandHelp command) {
        List<CommandHelp> all = new ArrayList<>(command.subcommands());
        all.add(command);
        return all;
    }

    @Test
    void everyVerb_isARowInC() throws IOException {
        assertEquals(
                Arrays.stream(Verbs.values()).map(Verbs::toString).toList(),
                Pattern.compile("\\bCOMMAND\\(\"([^\"]+)")
                        .matcher(Files.readString(Path.of("../preload/src/command/main.c")))
                        .results()
                        .map(row -> row.group(1))
                        .toList(),
                "Verbs and the table in command/main.c");
    }

    @Test
    void everyOption_isInAllFiles() throws IOException {
        int options = 0;
        for (CommandHelp command : commands) {
            for (CommandHelp one : withSubcommands(command)) {
                for (Parameter option : one.options()) {
                    for (String name : option.names()) {
                        requireName(command, name);
                        options++;
                    }
                }
            }
        }
        assertTrue(options > 150, "the test must find its subjects: " + options);
    }

    private static void requireName(CommandHelp command, String name) throws IOException {
        assertTrue(written(MAN, command).contains(Roff.bold(name)), name);
        assertFound("(?m)[ ']" + name + "[ ']", written(BASH, command));
        assertFound("(?m)'[^'\\[]*" + name + "(=|\\+|\\[)", written(ZSH, command));
        String flag = name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1);
        assertFound("(?m)^complete .* " + flag + " ", written(FISH, command));
    }

    private static void assertFound(String pattern, String text) {
        assertTrue(Pattern.compile(pattern).matcher(text).find(), () -> pattern + "\n" + text);
    }

    @Test
    void everyTextOfTheHelp_isOnThePage() throws Exception {
        LiveKernel.requireProgram("mandoc");
        for (CommandHelp command : commands) {
            String page = words(shown(command));
            for (CommandHelp one : withSubcommands(command)) {
                List<String> texts = new ArrayList<>(one.description());
                texts.addAll(one.synopsis());
                one.options().forEach(option -> texts.add(option.description()));
                one.operands().forEach(operand -> texts.add(operand.description()));
                // The first line of each starts differently.
                one.sections()
                        .values()
                        .forEach(lines -> texts.addAll(lines.subList(1, lines.size())));
                one.sections().values().forEach(lines -> texts.add(lines.get(0).substring(1)));
                for (String text : texts) {
                    assertTrue(page.contains(words(text)), () -> text + "\n" + page);
                }
            }
        }
    }

    private static String shown(CommandHelp command) throws Exception {
        Finished page = Child.of("mandoc -T ascii -O width=200 %s", file(MAN, command)).run();
        // mandoc prints bold and underlined characters twice, with a backspace between.
        return page.out().replaceAll(".\b", "");
    }

    private static String words(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    @Test
    void everyPage_isWithoutMistakes() throws Exception {
        LiveKernel.requireProgram("mandoc");
        List<Path> pages = new ArrayList<>(List.of(OF_LIBRARY));
        commands.forEach(command -> pages.add(file(MAN, command)));
        for (Path page : pages) {
            Finished lint = Child.of("mandoc -T lint %s", page).run();
            assertEquals("", lint.out() + lint.err());
            lint.assertStatus(0);
        }
    }

    @Test
    void everyVariable_isOnThePageOfTheLibrary() throws IOException {
        String page = Files.readString(OF_LIBRARY);
        for (String variable :
                List.of(
                        PolicyEnvironment.ALLOW,
                        PolicyEnvironment.DENY,
                        PolicyEnvironment.ACTION,
                        PolicyEnvironment.QUIET,
                        PolicyEnvironment.LOG_DENIALS,
                        PolicyEnvironment.UNKNOWN)) {
            assertTrue(page.contains("\n.B " + variable + "\n"), variable);
        }
    }

    @Test
    void helpOfSandboxExec_isRead() {
        CommandHelp exec = SandboxExecHelp.parse(helpOfSandboxExec);
        assertEquals(2, exec.description().size());
        assertEquals(
                CommandHelp.COMMON, exec.options().subList(6, 8), "options that all commands have");
        assertEquals(Set.of("Exit status"), exec.sections().keySet());
        for (Parameter option : CommandHelp.COMMON) {
            String line =
                    String.join(", ", option.names()) + " +" + Pattern.quote(option.description());
            assertFound(line, helpOfSandboxExec);
        }
    }

    @Test
    void briefly_isTheFirstSentenceOrTheBeginOfIt() {
        assertEquals("One", Completion.briefly("One. Two."));
        assertEquals("One, as in 5.9", Completion.briefly("One, as in 5.9"));
        String cut = Completion.briefly("many words ".repeat(20));
        assertTrue(cut.matches("(many words ){6}many \\.\\.\\.|(many words )*\\S+ \\.\\.\\."), cut);
        assertTrue(cut.length() <= 75, cut);
    }

    @Table
    void text_whatMeansSomethingToRoff_isShownAsItIs(String of, String text, String expected) {
        assertEquals(
                expected,
                switch (of) {
                    case "text" -> Roff.escape(text);
                    case "line" -> Roff.line(text);
                    case "paragraph" -> Roff.paragraph(text);
                    default -> Roff.synopsis(of, text);
                });
    }

    @Test
    void paragraph_isBrokenIntoLines_noneOfThemARequest() {
        String[] lines = Roff.paragraph(".word ".repeat(40)).split("\n");
        assertTrue(lines.length > 2, () -> String.join("|", lines));
        for (String line : lines) {
            assertTrue(line.startsWith("\\&.word"), line);
            assertTrue(line.length() <= 78, line);
        }
    }
}

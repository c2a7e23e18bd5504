// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.options.CommandHelp;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.Words;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks the real shells what they offer. */
class CompletionTest {
    /** Takes words as bash splits them, and prints each offer on a line. */
    private static final String ASK_BASH =
            """
            . "$1"; shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE=$* COMP_POINT=${#COMP_LINE}
            "_${1//-/_}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    /** Stands for bash-completion, which completes the command that begins at that word. */
    private static final String WITH_BASH_COMPLETION =
            "_comp_command_offset() { COMPREPLY=(\"from $1\"); }\n";

    @TempDir private static Path folder;

    private static List<CommandHelp> commands;

    @BeforeAll
    static void write() throws Exception {
        String help = Child.of("../preload/target/sandbox-exec --help").run().out();
        Pages.main(new String[] {folder.toString(), "2026-11-24", help});
        commands = Pages.commands(help);
        Files.createFile(folder.resolve("a policy"));
        Files.createFile(folder.resolve("another"));
    }

    private static Path file(String command, String shell) {
        return folder.resolve(
                switch (shell) {
                    case "bash" -> "bash-completion/completions/" + command;
                    case "zsh" -> "zsh/site-functions/_" + command;
                    default -> "fish/vendor_completions.d/" + command + ".fish";
                });
    }

    private static String bash(String before, String line) throws Exception {
        List<String> words = Words.of("bash -c %s bash", before + ASK_BASH);
        List<String> typed = List.of(line.split(" ", -1));
        words.add(file(typed.get(0), "bash").toString());
        words.addAll(typed);
        Finished offered = Child.of(words).in(folder).run().assertNoErr();
        return String.join(" ", offered.out().lines().toList());
    }

    @Table
    void bash_offersWhatIsExpectedThere(String line, String offered) throws Exception {
        List<String> expected = sorted(offered.replace("''", ""));
        assertEquals(expected, sorted(bash("", line.replace("''", ""))));
    }

    private static List<String> sorted(String words) {
        return List.of(words.split(" ")).stream().sorted().toList();
    }

    @Table
    void bash_programAndItsWords_areCompletedAsWithoutUs(String line, int begin) throws Exception {
        assertEquals("from " + begin, bash(WITH_BASH_COMPLETION, line));
    }

    @Test
    void bash_withoutItsPackage_offersCommandsAndFiles() throws Exception {
        assertTrue(sorted(bash("", "sandbox learn bas")).contains("bash"));
        assertEquals("./another", bash("", "sandbox learn ./an"));
        assertEquals("another", bash("", "sandbox learn bash an"));
    }

    @Table
    void fish_offersWhatIsExpectedThere(String line, String offered) throws Exception {
        LiveKernel.requireProgram("fish");
        String script =
                "set fish_complete_path (path dirname $argv[1]); source $argv[1];"
                        + " function own-program; end;"
                        + " complete -c own-program -f -l its-option; complete -C $argv[2]";
        String command = line.substring(0, line.indexOf(' '));
        Finished run =
                Child.of("fish -N -c %s %s %s", script, file(command, "fish"), line)
                        .with("PATH", Dist.command("sandbox").getParent() + ":/usr/bin:/bin")
                        .in(folder)
                        .run()
                        .assertNoErr();
        List<String> words = run.out().lines().map(text -> text.replaceFirst("\t.*", "")).toList();
        assertEquals(offered, String.join(" ", words));
    }

    @ParameterizedTest
    @CsvSource({"bash,-n", "zsh,-n", "fish,--no-execute"})
    void scripts_areWellFormed(String shell, String onlyCheck) throws Exception {
        LiveKernel.requireProgram(shell);
        for (CommandHelp command : commands) {
            String script = file(command.link(), shell).toString();
            Finished run = Child.of("%s %s %s", shell, onlyCheck, script).run();
            assertEquals("", run.out() + run.err());
            run.assertStatus(0);
        }
    }

    @Test
    void briefly_isTheFirstSentenceOrTheBeginOfIt() throws IOException {
        assertEquals("One", Completion.briefly("One. Two."));
        assertEquals("One, as in 5.9", Completion.briefly("One, as in 5.9"));
        String cut = Completion.briefly("many words ".repeat(20));
        assertTrue(cut.matches("(many words ){6}many \\.\\.\\.|(many words )*\\S+ \\.\\.\\."), cut);
        assertTrue(cut.length() <= 75, cut);
    }
}

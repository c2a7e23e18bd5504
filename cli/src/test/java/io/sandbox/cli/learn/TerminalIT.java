// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of a real terminal have the same effect as without us. */
@MakesRecords
final class TerminalIT {
    private static final String CTRL_C = "\\x03";
    private static final String CTRL_Z = "\\x1a";

    @TempDir private Path folder;

    private Path list;

    @BeforeEach
    void prepare() throws IOException {
        LiveKernel.requireRoot();
        list = folder.resolve("list");
    }

    private static Set<String> parseListIn(Finished run) {
        String line =
                run.out()
                        .lines()
                        .filter(text -> text.startsWith("SECCOMP_SYSCALL_ALLOW="))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no list: " + run));
        return SyscallNames.parse(line + "\n");
    }

    @ParameterizedTest
    @CsvSource({"\\x03, 130", "\\x1c, 131"})
    void interruptKey_endsTheProgramAndTheListIsPrinted(String key, int status) throws Exception {
        Finished run =
                Terminal.run(
                                List.of("wait READY\r\n", "send " + key),
                                List.of(
                                        "sh",
                                        "-c",
                                        "ulimit -c 0; exec \"$@\"",
                                        "sh",
                                        Dist.learn().toString(),
                                        "perl",
                                        "-e",
                                        "$| = 1; print qq(READY\\n); sleep 1000"))
                        .assertStatus(status);
        assertTrue(parseListIn(run).contains("write"), run::toString);
        run.assertOut(": complete\r\n");
    }

    /** As without us, the program does not run on when nobody can see or end it any more. */
    @Test
    void terminalThatGoesAway_endsTheProgram() throws Exception {
        String script = "$| = 1; print qq(READY\\n); sleep 30";
        Terminal.run(
                        List.of("wait READY\r\n", "close "),
                        Learn.words("-q -o %s perl -e %s", list, script))
                .assertStatus(129);
        assertTrue(SyscallNames.parse(Files.readString(list)).contains("write"));
    }

    /**
     * An editor, a shell or a database client handles Ctrl-C and continues, so the recording does
     * too.
     */
    @Test
    void interruptKey_thatTheProgramHandles_endsNothing() throws Exception {
        String script = "trap 'echo CAUGHT' INT; echo READY; read x; read x; echo \"GOT $x\"";
        Terminal.run(
                        List.of(
                                "wait READY\r\n",
                                "send " + CTRL_C,
                                "wait CAUGHT\r\n",
                                "send one\\n",
                                "send two\\n",
                                "wait GOT"),
                        Learn.words("-q -o %s bash -c %s", list, script))
                .assertStatus(0);
        assertTrue(SyscallNames.parse(Files.readString(list)).contains("rt_sigreturn"));
    }

    /**
     * A single Ctrl-C goes to the program, which may ignore it; two in quick succession kill it.
     */
    @Test
    void interruptKey_twiceAtOnce_killsAProgramThatIgnoresIt() throws Exception {
        Finished run =
                Terminal.run(
                                List.of("wait READY\r\n", "send " + CTRL_C, "send " + CTRL_C),
                                Learn.words(
                                        "perl -e %s",
                                        "$SIG{INT} = 'IGNORE'; $| = 1; print qq(READY\\n);"
                                                + " sleep 1000"))
                        .assertStatus(137);
        assertTrue(parseListIn(run).contains("write"), run::toString);
    }

    @Test
    void interruptKey_twiceAtOnce_endsTheSeriesToo() throws Exception {
        for (String source : List.of("audit", "notify")) {
            Terminal.run(
                            List.of("wait READY\r\n", "send " + CTRL_C, "send " + CTRL_C),
                            Learn.words(
                                    "--source %s --runs 3 sh -c %s",
                                    source, "trap '' INT; echo READY; sleep 1000; exit 0"))
                    .assertStatus(137)
                    .assertOutLacks("run 2");
        }
    }

    @Test
    void typedLine_reachesTheProgram() throws Exception {
        Terminal.run(
                        List.of("wait READY\r\n", "send some text\\n", "wait GOT some text\r\n"),
                        Learn.words(
                                "-q -o %s sh -c %s", list, "echo READY; read x; echo \"GOT $x\""))
                .assertStatus(0);
    }

    /** The recording continues after the job is stopped and continued. */
    @Test
    void stopKey_stopsTheJobAndFgContinuesIt() throws Exception {
        List<String> words =
                Words.of(
                        "sandbox learn -q -o %s sh -c %s",
                        list, "'echo REA\"\"DY; read x; nice true; echo \"GOT $x\"'");
        Terminal.runInShell(
                "send " + String.join(" ", words) + "\\n",
                "wait READY\r\n",
                "send " + CTRL_Z,
                "wait Stopped",
                "wait $ ",
                "send fg\\n",
                "wait sandbox",
                "send some text\\n",
                "wait GOT some text\r\n",
                "wait $ ",
                "send echo status $?\\n",
                "wait status 0\r\n");
        assertTrue(
                SyscallNames.parse(Files.readString(list))
                        .containsAll(Set.of("setpriority", "wait4")));
    }

    /**
     * A second Ctrl-C may not be needed when a descendant goes on: one ends that, and the recording
     * with it.
     */
    @Test
    void interruptKey_afterTheProgramItself_endsItsDescendants() throws Exception {
        Finished run =
                Terminal.run(
                                List.of("wait goes on", "send " + CTRL_C),
                                Learn.words(
                                        "sh -c %s",
                                        "setsid sleep 1000 </dev/null >/dev/null 2>&1 & exit 0"))
                        .assertStatus(0);
        assertTrue(parseListIn(run).contains("setsid"), run::toString);
    }

    @Test
    void longRun_showsALiveLineAndRemovesIt() throws Exception {
        Terminal.run(
                        List.of("wait [recording ", "wait GOT"),
                        Learn.words("-o %s sh -c %s", list, "sleep 3; echo GOT"))
                .assertStatus(0)
                .assertOut("\033[K");
    }

    /** The terminal is the shell's while a command is in the background or stopped. */
    @Test
    void commandInTheBackground_showsNoLiveLine() throws Exception {
        String learn = Dist.learn() + " -o " + list + " sh -c 'sleep 3; echo GOT'";
        Terminal.runInShell("send " + learn + " &\\n", "wait to enforce it")
                .assertOut("GOT")
                .assertOutLacks("[recording");
    }

    @Test
    void stoppedCommand_showsNoLiveLineUntilItContinues() throws Exception {
        String learn = Dist.learn() + " -o " + list + " sh -c 'sleep 3; echo GOT'";
        Finished run =
                Terminal.runInShell(
                        "send " + learn + "\\n",
                        "wait [recording ",
                        "send " + CTRL_Z,
                        "wait Stopped",
                        "send sleep 2; echo L''ATER; fg\\n",
                        "wait to enforce it");
        String stopped =
                run.out().substring(run.out().indexOf("Stopped"), run.out().indexOf("LATER"));
        // One line may have been on its way when the key was pressed.
        assertTrue(stopped.split("\\[recording").length <= 2, run::toString);
    }

    @Test
    void programThatWaitsForAnAnswer_questionIsNotDrawnOver() throws Exception {
        LiveKernel.requireProgram("perl");
        String ask =
                "$| = 1; print 'name? '; $SIG{ALRM} = sub { print \"GOT\\n\"; exit };"
                        + " alarm 3; <STDIN>";
        Finished run =
                Terminal.run(List.of("wait GOT"), Learn.words("-o %s perl -e %s", list, ask))
                        .assertStatus(0);
        // After it, the end of the program can take a moment.
        String waiting = run.out().substring(0, run.out().indexOf("GOT"));
        assertFalse(waiting.contains("[recording"), run::toString);
    }

    @Test
    void noTerminal_noLiveLine() throws Exception {
        Finished run = Learn.command("sleep 1.5").run().assertStatus(0);
        assertFalse(run.err().contains("\033") || run.err().contains("[recording"), run::err);
    }
}

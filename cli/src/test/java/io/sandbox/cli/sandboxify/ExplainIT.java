// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With {@code sandboxify --explain} the program dies as under the filter, and the reason is
 * printed.
 */
@MakesRecords
class ExplainIT {
    private static final int KILLED = 128 + 31;

    @TempDir private Path folder;

    private static List<String> explain(String line, Object... values) {
        return Words.of("sandboxify -q --explain " + line, values);
    }

    private void assertExplained(Finished run, String... words) {
        assertEquals(1, run.err().lines().count(), run::toString);
        for (String word : words) {
            assertTrue(run.err().contains(word), () -> word + " in " + run);
        }
    }

    @Test
    void refusedCall_isNamedWithItsPlaceAndRemedy() throws Exception {
        Finished run =
                Child.of(explain("--deny mkdir mkdir x")).in(folder).run().assertStatus(KILLED);
        assertFalse(Files.exists(folder.resolve("x")));
        assertExplained(
                run,
                "sandbox run: killed for mkdir (83 of x86_64) in /usr/bin/mkdir",
                "/libc.so.6+0x",
                "take mkdir out of --deny");
    }

    private Path policy(String text) throws Exception {
        return Files.writeString(folder.resolve("policy"), text);
    }

    @Test
    void fileOfAnyFormat_isNamedInTheRemedy() throws Exception {
        String rule = "{\"call\": \"mkdir\", \"if\": [\"arg1>=1\"], \"action\": \"kill\"}";
        Path json =
                policy("{\"sandboxPolicy\": 1, \"default\": \"allow\", \"rules\": [" + rule + "]}");
        Finished run =
                Child.of(explain("--policy %s mkdir x", json))
                        .in(folder)
                        .run()
                        .assertStatus(KILLED);
        assertExplained(
                run,
                "killed for mkdir (83 of x86_64)",
                "to allow it, do not refuse mkdir(arg1>=1) in " + json);
        Path list = policy("read\nwrite\n");
        Finished linker = Child.of(explain("--policy %s true", list)).run().assertStatus(KILLED);
        assertExplained(linker, "to allow it, allow ", " in " + list);
        Path minijail = policy("@denylist\nmkdir: return 1\n");
        Child.of(explain("--policy %s true", minijail))
                .run()
                .assertRefusedBy("sandbox run", 125, "kills no process");
    }

    /** Such a list is probably meant for the library, which is loaded after the linker's calls. */
    @Test
    void callOfTheDynamicLinker_isSaidToBeOne() throws Exception {
        Finished linker = Child.of(explain("--allow read:write true")).run();
        assertExplained(linker, "called at /", "sandbox learn makes one");
        Child.of(explain("--deny mkdir mkdir x")).in(folder).run().assertErrLacks("libsandbox.so");
    }

    @Test
    void nothingRefused_statusIsTheProgramsAndItIsSaid() throws Exception {
        Finished run = Child.of(explain("--deny acct sh -c %s", "echo hello; exit 7")).run();
        assertEquals(new Finished(7, "hello\n", "sandbox run: no call was refused\n"), run);
    }

    @ParameterizedTest
    @CsvSource({
        "exec,'',x86_64",
        "entry,'',x86_64",
        "exec,-static,x86_64",
        "exec,-static-pie,x86_64",
        "exec,-m32,i386",
        "entry,-m32,i386"
    })
    void programOfAnyKind_firstCallIsNotMissed(String from, String option, String arch)
            throws Exception {
        Path program = CProgram.compile("marker", folder, option);
        Path marker = folder.resolve("made");
        Finished run =
                Child.of(explain("--allow %s --from %s %s %s", "", from, program, marker))
                        .run()
                        .assertStatus(KILLED);
        assertFalse(Files.exists(marker));
        assertExplained(run, " of " + arch + ")", "to allow it, add :", "--allow");
    }

    @Test
    void remedies_addedOneByOne_makeTheProgramRun() throws Exception {
        Path program = CProgram.compile("marker", folder);
        Path marker = folder.resolve("made");
        StringBuilder list = new StringBuilder();
        Finished run = null;
        for (int i = 0; i < 30; i++) {
            List<String> command = explain("--allow %s --from entry %s %s", list, program, marker);
            run = Child.of(command).run();
            if (run.status() != KILLED) {
                break;
            }
            list.append(run.err().replaceAll("(?s).*, add (:\\S+) to .*", "$1"));
        }
        run.assertStatus(0);
        assertTrue(Files.exists(marker));
    }

    @Test
    void conditionOnArguments_remedyHasTheValueOfTheCall() throws Exception {
        LiveKernel.requireProgram("perl");
        Finished run =
                Child.of(
                                explain(
                                        "--deny 135(arg0==7) perl -e %s",
                                        "syscall(135, 8); syscall(135, 7)"))
                        .run()
                        .assertStatus(KILLED);
        assertExplained(run, "personality (135", "take 135(arg0==7) out of --deny");
    }

    @Test
    void child_isKilledAndToldOnceForManyTimes() throws Exception {
        Finished run =
                Child.of(
                                explain(
                                        "--deny mkdir sh -c %s",
                                        "for i in 1 2 3; do mkdir x; echo $?; done 2>/dev/null;"
                                                + " exit 5"))
                        .in(folder)
                        .run()
                        .assertStatus(5)
                        .assertOutIs("159\n".repeat(3));
        List<String> lines = run.err().lines().filter(l -> l.startsWith("sandbox run")).toList();
        assertEquals(2, lines.size(), run::toString);
        assertTrue(lines.get(0).contains("killed for mkdir"), run::toString);
        assertTrue(lines.get(1).contains("3 processes were killed"), run::toString);
    }

    /** Ignoring SIGSYS cannot save the program: the kernel's verdict does not depend on it. */
    @ParameterizedTest
    @CsvSource({"signal.SIG_IGN", "'lambda *a: None'"})
    void sigsysIgnoredOrCaught_isNoWayOut(String handler) throws Exception {
        LiveKernel.requireProgram("python3");
        String script =
                "import os, signal; signal.signal(signal.SIGSYS, %s); os.mkdir('x'); print('on')";
        Child.of(explain("--deny mkdir python3 -c %s", script.formatted(handler)))
                .in(folder)
                .run()
                .assertStatus(KILLED)
                .assertNoOut();
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @Test
    void listener_isNotAmongTheProgramsDescriptors() throws Exception {
        String script = "for f in /proc/self/fd/*; do readlink \"$f\"; done | grep seccomp";
        Child.of(explain("--deny acct sh -c %s", script)).run().assertNoOut();
    }

    @Test
    void descendant_thatOutlivesTheProgram_isWatchedToItsEnd() throws Exception {
        String script = "(sleep 1.5; mkdir x; echo $? >status) 2>/dev/null & exit 7";
        Finished run =
                Child.of(explain("--deny mkdir sh -c %s", script)).in(folder).run().assertStatus(7);
        assertEquals("159\n", Files.readString(folder.resolve("status")));
        run.assertErr("still watched", "killed for mkdir");
    }

    @Test
    void withoutAnyRight_itWorksTheSame() throws Exception {
        LiveKernel.requireRoot();
        Finished run =
                Child.of("%s %s", Learn.nobody(), explain("--deny mkdir mkdir /tmp/not-made"))
                        .in(Path.of("/"))
                        .run()
                        .assertStatus(KILLED);
        assertExplained(run, "killed for mkdir", "/libc.so.6+0x");
    }

    @Test
    void signalToUs_reachesTheProgram() throws Exception {
        String script =
                "\"$@\" & pid=$!; until [ -e ready ]; do sleep 0.05; done; kill -TERM $pid;"
                        + " wait $pid; echo $?";
        List<String> command =
                explain("--deny acct sh -c %s", "trap 'exit 9' TERM; : >ready; sleep 9 & wait");
        Child.shell(script, command).in(folder).run().assertOutIs("9\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the action is errno:EPERM|--action errno true",
                "the action is log|--action log true",
                "--load-then-exec|--load-then-exec true"
            })
    void whatCannotBeExplained_isRefused(String word, String words) throws Exception {
        Child.of(explain("--deny acct " + words)).run().assertRefusedBy("sandbox run", 125, word);
    }
}

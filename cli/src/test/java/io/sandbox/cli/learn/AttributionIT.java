// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.cli.testing.SyscallNames.learned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Enforced;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of audit belong to the target by its audit session, and by descent. */
@MakesRecords
final class AttributionIT extends AttributionCases {
    AttributionIT() {
        super("audit");
    }

    private Finished assertLearns(List<String> program, String... names) throws Exception {
        Finished run = learn(program).run();
        Set<String> list = learned(run);
        assertTrue(list.containsAll(List.of(names)), list::toString);
        return run;
    }

    @Test
    void threads_areFollowed() throws Exception {
        assertLearns(calls.atOnce("thread", MINE), MINE);
    }

    @Test
    void chainOfExecs_isFollowed() throws Exception {
        String script = "exec env nice sh -c 'exec \"$@\"' sh \"$@\"";
        assertLearns(shell(script, calls.atOnce("plain", MINE)), "execve", MINE);
    }

    private Child.Running startDaemonThatNeverEnds() throws Exception {
        String script = "(setsid \"$@\" </dev/null >/dev/null 2>&1 &)";
        Child.Running learning = learn(shell(script, calls.onGo("daemon", MINE))).start();
        Until.holds("the daemon is told of", () -> learning.err().contains("goes on"));
        Until.exists(calls.ready("daemon"));
        return learning;
    }

    /** SIGTERM ends the remaining processes; the list holds the calls until then. */
    @Test
    void daemonThatNeverEnds_isEndedByASignalToUs() throws Exception {
        try (Child.Running learning = startDaemonThatNeverEnds()) {
            learning.handle().destroy();
            Set<String> list = learned(learning.await());
            assertTrue(list.contains("setsid") && !list.contains(MINE), list::toString);
        }
    }

    /** A process that cannot be found gets no signal and is not waited for. We poll eight files. */
    @Test
    void daemonThatCannotBeLookedFor_isSaid() throws Exception {
        LiveKernel.requireProgram("prlimit");
        try (Child.Running learning = startDaemonThatNeverEnds()) {
            Child.of("prlimit --pid %s --nofile=8:8", learning.handle().pid())
                    .run()
                    .assertStatus(0);
            learning.handle().destroy();
            Finished run = learning.await().assertStatus(125);
            assertTrue(run.err().endsWith("/proc: Too many open files\n"), run::err);
        } finally {
            Files.createFile(calls.go("daemon"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "unshare, unshare --pid --fork --mount-proc",
        "setresuid, setpriv --reuid=65534 --regid=65534 --clear-groups"
    })
    void otherPidNamespaceOrUser_isFollowed(String call, String command) throws Exception {
        // The temporary folder is for root only, and another user has to find the program in it.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertLearns(Words.of(command + " %s", calls.atOnce("plain", MINE)), call, MINE);
    }

    @Table
    void executableWhoseNameLooksLikeFields_changesNothing(String name) throws Exception {
        List<String> words = calls.atOnce("plain", MINE);
        Set<String> plain = learned(learn(words).run());
        Path odd = folder.resolve(name);
        Files.copy(calls.file(), odd, StandardCopyOption.COPY_ATTRIBUTES);
        words.set(0, odd.toString());
        assertEquals(plain, learned(learn(words).run()));
    }

    // Leaving the audit session, which only a privileged program can.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 4242 > /proc/self/loginuid || exit; exec \"$@\"",
                "echo 4242 > /proc/self/loginuid || exit; \"$@\"; exit $?",
                "echo 1 > /proc/self/loginuid; echo 2 > /proc/self/loginuid; \"$@\"; exit $?"
            })
    void programThatChangesItsSession_isFollowed(String script) throws Exception {
        assertLearns(shell(script, calls.atOnce("plain", MINE)), MINE).assertErr("session");
    }

    /**
     * Followed, or not called complete: a complete list without the call would be a silent loss.
     */
    private static void assertFollowedOrIncomplete(Finished run) {
        if (run.status() == 125) {
            run.assertNoOut().assertErr("sandbox learn: incomplete, ");
        } else {
            assertTrue(learned(run).contains(MINE), run::toString);
        }
    }

    @Test
    void childOfAProgramThatGaveUpItsSession_isNeverLostSilently() throws Exception {
        String script = "echo 4294967295 > /proc/self/loginuid || exit; \"$@\"; exit $?";
        assertFollowedOrIncomplete(learn(shell(script, calls.atOnce("plain", MINE))).run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"4242", "4294967295"})
    void daemonThatChangedItsSession_isNeverLostSilently(String loginUid) throws Exception {
        String script =
                "echo %s > /proc/self/loginuid; (setsid \"$@\" </dev/null >/dev/null 2>&1 &)";
        List<String> daemon = shell(script.formatted(loginUid), calls.onGo("daemon", MINE));
        try (Child.Running learning = learn(daemon).start()) {
            Until.exists(calls.ready("daemon"));
            Until.holds(
                    "the daemon is told of, or the recording ends",
                    () -> learning.err().contains("goes on") || !learning.handle().isAlive());
            Files.createFile(calls.go("daemon"));
            assertFollowedOrIncomplete(learning.await());
        }
    }

    /**
     * The forger needs no privilege for this one: it logs a call of any number under a filter of
     * its own.
     */
    @Test
    void callOfNoNumber_appearsAsItsNumberOrIsReported() throws Exception {
        List<String> words = calls.atOnce("plain", MINE, "sched_getscheduler");
        words.add("100000");
        Set<String> list = learned(learn(words).run());
        assertTrue(list.containsAll(Set.of(MINE, "sched_getscheduler", "100000")), list::toString);
        Enforced.program(words, list, Map.of(), folder).assertStatus(0);
        Set<String> less = SyscallNames.without(list, Set.of("100000"));
        Enforced.program(words, less, Map.of(), folder).assertStatus(159);
    }
}

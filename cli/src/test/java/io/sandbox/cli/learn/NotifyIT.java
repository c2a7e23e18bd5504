// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox-learn --source notify} records all calls, and the program does not notice. */
@MakesRecords
final class NotifyIT {
    @TempDir private Path folder;

    private static Child learn(String line, Object... values) {
        return Learn.command("--source notify " + line, values);
    }

    private static Set<String> list(String source, String line, Object... values) throws Exception {
        return SyscallNames.parse(
                Learn.command("-q --source " + source + " " + line, values)
                        .run()
                        .assertStatus(0)
                        .out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec", "entry"})
    void listFromAnywhere_isThatOfAudit(String from) throws Exception {
        LiveKernel.requireRoot();
        String threads = CProgram.compile("threads", folder, "-pthread").toString();
        assertEquals(
                list("audit", "--from %s %s", from, threads),
                list("notify", "--from %s %s", from, threads));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-static", "-m32"})
    void programsOfOtherKinds_areThoseOfAudit(String option) throws Exception {
        LiveKernel.requireRoot();
        String program = CProgram.compile("marker", folder, option).toString();
        String marker = folder.resolve("made").toString();
        assertEquals(
                list("audit", "--from exec %s %s", program, marker),
                list("notify", "--from exec %s %s", program, marker));
    }

    /** Process numbers are reused, but each call is attributed to its program. */
    @Test
    void manyProcesses_eachCallIsItsProgramsOwn() throws Exception {
        LiveKernel.requireRoot();
        String script =
                "for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true & /bin/uname >/dev/null & cat"
                        + " /dev/null | sort; done; wait";
        assertEquals(callsByProgram("audit", script), callsByProgram("notify", script));
    }

    private Map<String, Set<Integer>> callsByProgram(String source, String script)
            throws Exception {
        Path file = folder.resolve(source);
        list(source, "--recording %s bash -c %s", file, script);
        Map<String, Set<Integer>> calls = new TreeMap<>();
        for (ProgramEvidence program : Recorded.firstRun(file).programs()) {
            Set<Integer> numbers = new TreeSet<>();
            for (CallEvidence call : program.calls()) {
                numbers.add(call.number());
            }
            calls.put(program.executable(), numbers);
        }
        return calls;
    }

    @Table
    void withoutPrivileges_isComplete(String what, String words) throws Exception {
        if (!words.isEmpty()) {
            LiveKernel.requireProgram(words.substring(0, words.indexOf(' ')));
        }
        Child.of("%s " + words + " sandbox learn --verify -- /bin/uname", Learn.nobody())
                .in(Path.of("/"))
                .run()
                .assertStatus(0)
                .assertErr("source notify: complete")
                .assertLists("uname");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ptrace", "seccomp"})
    void outerFilterForbidsIt_isSaid(String call) throws Exception {
        Child.of(
                        "sandboxify -q --deny %s --action errno"
                                + " sandbox learn --source notify touch %s/ran",
                        call, folder)
                .run()
                .assertStatus(125)
                .assertNoOut();
        assertTrue(!Files.exists(folder.resolve("ran")), "the program ran");
    }

    @Test
    void programThatTraces_works() throws Exception {
        String strace = LiveKernel.requireProgram("strace").toString();
        Finished run =
                learn("-q --partial %s -f -o /dev/null /bin/uname", strace)
                        .run()
                        .assertErr("Linux\n");
        Set<String> calls = SyscallNames.parse(run.out());
        assertTrue(calls.containsAll(Set.of("ptrace", "uname")), calls::toString);
    }

    /**
     * With SA_RESTART, and for calls that block anyway, signals have the same effect as without us.
     */
    @ParameterizedTest
    @ValueSource(strings = {"restart", "interrupt"})
    void signals_callsThatWaitEndAsWithout(String how) throws Exception {
        String signals = CProgram.compile("signals", folder).toString();
        Finished plain = Child.of("%s %s", signals, how).run();
        Path list = folder.resolve("list");
        Finished learned = learn("-q -o %s %s %s", list, signals, how).run();
        assertEquals(plain.out(), learned.out());
    }

    /** Then the calls fail with EINTR, and the program's code shows which they were. */
    @Test
    void signalsBeforeTheQuestions_listIsCompleteAndItIsSaid() throws Exception {
        String signals = CProgram.compile("signals", folder).toString();
        Finished run = learn("--from preload %s storm", signals).run().assertStatus(0);
        assertEquals(
                Set.of(
                        "exit_group",
                        "getppid",
                        "getuid",
                        "rt_sigaction",
                        "rt_sigreturn",
                        "setitimer"),
                SyscallNames.parse(run.out()));
        run.assertErr("EINTR");
    }

    /** Each call is made only once, so one that is not asked about is known only from the code. */
    @Test
    void signalsBeforeTheQuestions_noCallIsMissing() throws Exception {
        String signals = CProgram.compile("signals", folder).toString();
        Path file = folder.resolve("recording");
        learn("--recording %s %s once", file, signals)
                .run()
                .assertErr("EINTR", "source notify: complete");
        Set<Integer> expected = new TreeSet<>();
        for (int number = 1000; number < 2000; number++) {
            expected.add(number);
        }
        Set<Integer> found = new TreeSet<>();
        Recorded.calls(file).forEach(call -> found.add(call.number()));
        found.retainAll(expected);
        assertEquals(expected, found);
    }

    /**
     * An instruction that makes varying calls does not show which it was, so the list may lack it.
     */
    @Test
    void signalBeforeTheQuestion_ofAnInstructionForAnyCall_isNotCalledComplete() throws Exception {
        String signals = CProgram.compile("signals", folder).toString();
        learn("%s generic", signals)
                .run()
                .assertStatus(125)
                .assertNoOut()
                .assertErr("a signal interrupted a call");
    }

    @Test
    void manyThreadsFlood_allIsCounted() throws Exception {
        String flood = CProgram.compile("flood", folder).toString();
        Path file = folder.resolve("recording");
        Path marker = Files.createFile(folder.resolve("marker"));
        String line = "--recording %s %s 100000 %s %s %s";
        list("notify", line, file, flood, marker, marker, marker);
        long most = Recorded.calls(file).stream().mapToLong(CallEvidence::count).max().orElse(0);
        assertEquals(100_000, most);
    }

    @Test
    void javaKilled_programGoesOnAndItIsSaid() throws Exception {
        try (Child.Running running = startBusy()) {
            ProcessHandle java = running.java();
            java.destroyForcibly();
            running.await()
                    .assertStatus(125)
                    .assertErr("ended unexpectedly", "ended well 1000000\n");
        }
    }

    @Test
    void javaKilledAfterTheProgramEnded_whatItStartedGoesOn() throws Exception {
        Path end = folder.resolve("end");
        String script = "(until [ -e \"$1\" ]; do :; done; echo went on well) & exit 0";
        try (Child.Running running = learn("-- sh -c %s sh %s", script, end).start()) {
            Until.holds(
                    "the end of the program is told",
                    () -> running.err().contains("still recording"));
            killJava(running);
            Files.createFile(end);
            Finished run = running.await().assertStatus(125);
            assertTrue((run.out() + run.err()).contains("went on well\n"), run::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void javaKilled_requestsEndTheCommandAlthoughADaemonSleeps(String source) throws Exception {
        LiveKernel.requireRoot();
        Path begun = folder.resolve("begun");
        Path end = folder.resolve("end");
        String script =
                "sleep 100 & echo $! > \"$1\"; until [ -e \"$2\" ]; do :; done; echo ended well";
        try (Child.Running running =
                Learn.command("--source %s -- sh -c %s sh %s %s", source, script, begun, end)
                        .start()) {
            Until.exists(begun);
            killJava(running);
            Files.createFile(end);
            Until.holds(
                    "the program has ended",
                    () -> running.handle().children().noneMatch(NotifyIT::lives));
            // The kernel makes one of two signals that wait together.
            Until.holds(
                    "requests end it",
                    () -> {
                        running.handle().destroy();
                        return !running.handle().isAlive();
                    });
            running.await().assertStatus(125);
        } finally {
            long daemon = Long.parseLong(Files.readString(begun).strip());
            ProcessHandle.of(daemon).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean lives(ProcessHandle child) {
        return child.info().command().isPresent();
    }

    /** It may be for the program, which ends before that is known. */
    @Test
    void requestToEndWhileTheProgramEnds_endsWhatItStarted() throws Exception {
        Path begun = folder.resolve("begun");
        Path end = folder.resolve("end");
        String script = "sleep 50 & : > \"$1\"; until [ -e \"$2\" ]; do :; done";
        try (Child.Running running = learn("-- sh -c %s sh %s %s", script, begun, end).start()) {
            Until.exists(begun);
            running.handle().destroy();
            Files.createFile(end);
            running.await().assertStatus(0).assertErr("by signal 15 after the program");
        }
    }

    @Test
    void launcherKilled_programGoesOn() throws Exception {
        try (Child.Running running = startBusy()) {
            running.java();
            running.handle().destroyForcibly();
            Until.holds(
                    "the program has ended well",
                    () -> running.err().contains("ended well 1000000\n"));
        }
    }

    private Child.Running startBusy() throws Exception {
        LiveKernel.requireProgram("perl");
        String script =
                "open my $f, '>', shift; close $f; my $n = 0; for (1 .. 1000000) { $n++ if"
                        + " getppid() > 0 } print \"ended well $n\\n"
                        + "\"";
        Path marker = folder.resolve("runs");
        Child.Running running = learn("-- perl -e %s %s", script, marker).start();
        Until.exists(marker);
        return running;
    }

    private static void killJava(Child.Running running) throws Exception {
        running.java().destroyForcibly();
        Until.holds(
                "the loss of the recorder is told",
                () -> running.err().contains("ended unexpectedly"));
    }

    @Test
    void timeIsUp_endsDescendantsToo() throws Exception {
        String script = "sleep 50 & sleep 60 & exit 0";
        learn("--duration 2s sh -c %s", script)
                .run()
                .assertStatus(0)
                .assertErr("that it started goes on", "source notify: complete");
    }

    @Test
    void untilQuietAndVerify_workAsWithRecords() throws Exception {
        learn("--until-quiet --verify sh -c %s", "ls /; exit 3")
                .run()
                .assertStatus(3)
                .assertErr("0 new, 0 records", "verified: ");
    }
}

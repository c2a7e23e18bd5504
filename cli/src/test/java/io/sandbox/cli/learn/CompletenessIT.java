// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Setting;
import io.sandbox.cli.testing.Signals;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list is called complete only if it is, and the kernel's settings are restored afterwards. */
@NeedsQuietLog
final class CompletenessIT {
    private static final Pattern SUMMARY =
            Pattern.compile(
                    "sandbox learn: (\\d+) syscalls?, (\\d+) records? of .*, source (\\w+):"
                            + " (complete|incomplete)");

    private static final Pattern LOST =
            Pattern.compile("sandbox learn: incomplete, (?:up to )?(\\d+) records? lost: .*");

    /**
     * The log's ring holds some 560 records, and a busy machine may let more come before they are
     * read.
     */
    private static final int ATTEMPTS = 15;

    @TempDir private Path folder;

    @BeforeEach
    void requireRoot() throws IOException {
        LiveKernel.requireRoot();
    }

    /** Some 1,000 records in a few hundredths of a second. */
    private List<String> python() {
        String script = "import subprocess; subprocess.run(['/bin/true'], check=True)";
        return List.of(LiveKernel.requireProgram("python3").toString(), "-B", "-c", script);
    }

    private Finished learnPython(String options) throws Exception {
        return Learn.command(options + " -- %s", python()).run();
    }

    private static Matcher summary(Finished run) {
        for (String message : run.messages()) {
            Matcher summary = SUMMARY.matcher(message);
            if (summary.matches()) {
                return summary;
            }
        }
        throw new AssertionError("no summary: " + run);
    }

    private static void assertIncompleteWithCount(Finished run) {
        run.assertStatus(125);
        long lost =
                run.messages().stream()
                        .map(LOST::matcher)
                        .filter(Matcher::matches)
                        .mapToLong(match -> Long.parseLong(match.group(1)))
                        .sum();
        assertTrue(lost > 0, () -> "no count of what is missing: " + run);
    }

    @Test
    void audit_thousandRecords_isComplete() throws Exception {
        Finished run = learnPython("--source audit").assertStatus(0);
        Matcher summary = summary(run);
        assertEquals("audit", summary.group(3));
        assertEquals("complete", summary.group(4));
        assertTrue(Integer.parseInt(summary.group(2)) > 500, () -> "records: " + run.err());
        run.assertLists("execve", "wait4");
    }

    /**
     * The kernel prints 10 lines in 5 seconds for all processes, so other records may have used
     * them up.
     */
    private Finished learnThroughDefaultLimits(String options) throws Exception {
        Finished[] run = new Finished[1];
        String all = "--source kmsg --keep-limits " + options;
        Setting.PRINTK_LIMIT.during(
                "5",
                () ->
                        Setting.PRINTK_BURST.during(
                                "10",
                                () -> {
                                    run[0] = learnPython(all);
                                    while (run[0].err().contains("a test record did not arrive")) {
                                        Thread.sleep(5500);
                                        run[0] = learnPython(all);
                                    }
                                }));
        return run[0];
    }

    @Test
    void kmsg_defaultLimits_saysHowMuchIsMissingAndPrintsNothing() throws Exception {
        LiveKernel.requireKernelLog();
        Finished run = learnThroughDefaultLimits("");
        assertIncompleteWithCount(run);
        run.assertNoOut();
        assertEquals("incomplete", summary(run).group(4));
    }

    @Test
    void kmsg_defaultLimitsAndPartial_printsTheListAndStillFails() throws Exception {
        LiveKernel.requireKernelLog();
        Finished run = learnThroughDefaultLimits("--partial");
        assertIncompleteWithCount(run);
        assertFalse(SyscallNames.parse(run.out()).isEmpty());
    }

    @Test
    void kmsg_limitLifted_isCompleteAndLimitIsBack() throws Exception {
        LiveKernel.requireKernelLog();
        Setting.PRINTK_LIMIT.during(
                "7",
                () -> {
                    Finished run = learnPython("--source kmsg");
                    for (int i = 1;
                            i < ATTEMPTS
                                    && run.err()
                                            .contains(" were overwritten before they were read");
                            i++) {
                        assertIncompleteWithCount(run);
                        assertEquals("7", Setting.PRINTK_LIMIT.value());
                        run = learnPython("--source kmsg");
                    }
                    run.assertStatus(0);
                    assertEquals("complete", summary(run).group(4));
                    assertEquals("kmsg", summary(run).group(3));
                    assertEquals("7", Setting.PRINTK_LIMIT.value());
                    Finished audit = learnPython("--source audit");
                    assertEquals(SyscallNames.parse(audit.out()), SyscallNames.parse(run.out()));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "15", "3600"})
    void kmsg_oldLimitOfAnyLength_isBack(String limit) throws Exception {
        LiveKernel.requireKernelLog();
        Setting.PRINTK_LIMIT.during(
                limit,
                () -> {
                    Finished run = Learn.command("--source kmsg -q /bin/true").run();
                    assertEquals(limit, Setting.PRINTK_LIMIT.value());
                    run.assertStatus(0);
                });
    }

    /** Starts a recording of a program that tells when it runs and then waits for a signal. */
    private Child.Running startWaiting(String marker) throws Exception {
        // Signals that are ignored stay so, and a background job of a shell ignores SIGINT. setsid
        // makes a process group of its own.
        Path file = folder.resolve(marker);
        Child.Running running =
                Child.of(
                                "env --default-signal setsid sandbox-learn --source kmsg sh -c %s"
                                        + " sh %s",
                                ": > \"$1\"; exec sleep 1000", file)
                        .start();
        Until.exists(file);
        return running;
    }

    private static void kill(String signal, String target) throws Exception {
        Child.of("/bin/sh -c %s %s %s", "kill -s \"$0\" -- \"$1\"", signal, target)
                .run()
                .assertStatus(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP", "QUIT"})
    void kmsg_signalToTheGroup_limitIsBackAndStatusIsThePrograms(String signal) throws Exception {
        LiveKernel.requireKernelLog();
        Setting.PRINTK_LIMIT.during(
                "7",
                () -> {
                    try (Child.Running running = startWaiting("runs")) {
                        assertEquals("0", Setting.PRINTK_LIMIT.value());
                        kill(signal, "-" + running.handle().pid());
                        Finished run = running.await();
                        assertEquals("7", Setting.PRINTK_LIMIT.value());
                        run.assertStatus(128 + Signals.number(signal)).assertLists("openat");
                    }
                });
    }

    @Test
    void kmsg_sigtermToSandboxLearnAlone_reachesTheProgramAndLimitIsBack() throws Exception {
        LiveKernel.requireKernelLog();
        Setting.PRINTK_LIMIT.during(
                "7",
                () -> {
                    try (Child.Running running = startWaiting("runs")) {
                        kill("TERM", Long.toString(running.handle().pid()));
                        Finished run = running.await();
                        assertEquals("7", Setting.PRINTK_LIMIT.value());
                        run.assertStatus(128 + Signals.number("TERM")).assertLists("openat");
                    }
                });
    }

    @Test
    void kmsg_twoRecordingsOverlap_theLastRestores() throws Exception {
        LiveKernel.requireKernelLog();
        Setting.PRINTK_LIMIT.during(
                "7",
                () -> {
                    try (Child.Running first = startWaiting("first");
                            Child.Running second = startWaiting("second")) {
                        kill("TERM", Long.toString(first.handle().pid()));
                        first.await().assertStatus(128 + Signals.number("TERM"));
                        assertEquals(
                                "0", Setting.PRINTK_LIMIT.value(), "while the second still runs");
                        kill("TERM", Long.toString(second.handle().pid()));
                        second.await().assertStatus(128 + Signals.number("TERM"));
                        assertEquals("7", Setting.PRINTK_LIMIT.value());
                    }
                });
    }

    /** Nothing can restore the limit then, so the next recording does. */
    @Test
    void kmsg_recorderKilled_programGoesOnAndNextRecordingRestoresTheLimit() throws Exception {
        LiveKernel.requireKernelLog();
        Setting.PRINTK_LIMIT.during(
                "7",
                () -> {
                    Path marker = folder.resolve("runs");
                    Path end = folder.resolve("end");
                    Child learn =
                            Learn.command(
                                    "--source kmsg -- sh -c %s sh %s %s",
                                    ": > \"$1\"; until [ -e \"$2\" ]; do sleep 0.01; done; echo"
                                            + " ended well",
                                    marker,
                                    end);
                    try (Child.Running running = learn.start()) {
                        Until.exists(marker);
                        running.java().destroyForcibly();
                        Until.holds(
                                "the loss of the recorder is told",
                                () -> running.err().contains("ended unexpectedly"));
                        Files.createFile(end);
                        Finished run =
                                running.await()
                                        .assertStatus(125)
                                        .assertNoOut()
                                        .assertErr("ended well\n");
                        assertEquals(1, run.messages().size(), run::err);
                    }
                    Learn.command("--source kmsg -q /bin/true").run().assertStatus(0);
                    assertEquals("7", Setting.PRINTK_LIMIT.value());
                });
    }

    @Test
    void audit_readerStandsStillWhileProgramFloods_isIncompleteWithCount() throws Exception {
        String flood = CProgram.compile("flood", folder).toString();
        Path ready = folder.resolve("ready");
        Path go = folder.resolve("go");
        Path done = folder.resolve("done");
        Child learn = Learn.command("--source audit -- %s 500000 %s %s %s", flood, ready, go, done);
        try (Child.Running running = learn.start()) {
            Until.exists(ready);
            String recorder = Long.toString(running.java().pid());
            kill("STOP", recorder);
            try {
                Files.createFile(go);
                Until.exists(done);
            } finally {
                kill("CONT", recorder);
            }
            Finished run = running.await();
            assertIncompleteWithCount(run);
            run.assertNoOut();
            long records = Long.parseLong(summary(run).group(2));
            assertTrue(
                    records < 500_000,
                    () -> "nothing was lost, so nothing was shown: " + run.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void actionsLoggedWithoutLog_isSaidBeforeTheProgramRuns(String source) throws Exception {
        Path marker = folder.resolve("ran");
        Setting.ACTIONS_LOGGED.during(
                "kill_process kill_thread trap errno user_notif trace",
                () ->
                        Learn.command("--source %s touch %s", source, marker)
                                .run()
                                .assertRefused(125, "kernel.seccomp.actions_logged", "sysctl -w"));
        assertFalse(Files.exists(marker), "the program ran");
    }

    @Test
    void actionsLoggedWithoutLog_autoNeedsNoRecords() throws Exception {
        Setting.ACTIONS_LOGGED.during(
                "kill_process kill_thread trap errno user_notif trace",
                () -> {
                    Learn.command("/bin/true")
                            .run()
                            .assertStatus(0)
                            .assertErr("source notify: complete");
                });
    }

    /** Root can do this; then the record that marks the end does not arrive. */
    @Test
    void actionsLoggedTakenAwayDuringTheRun_isIncomplete() throws Exception {
        String before = Setting.ACTIONS_LOGGED.value();
        Setting.ACTIONS_LOGGED.during(
                before,
                () -> {
                    Learn.command(
                                    "sh -c %s",
                                    "echo kill_process > "
                                            + Setting.ACTIONS_LOGGED.file()
                                            + "; exec ls /")
                            .run()
                            .assertStatus(125)
                            .assertNoOut()
                            .assertErr("sandbox learn: incomplete, ");
                });
    }

    /** A privileged process can switch the action off and on again. */
    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void logActionThatIsSwitchedOffAndOn_isIncomplete(String source) throws Exception {
        LiveKernel.requireKernelLog();
        String all = Setting.ACTIONS_LOGGED.value();
        String without = all.replaceAll(" ?\blog\b", "");
        String script = "f=%s; echo \"$1\" >$f; kill -0 $$; echo \"$2\" >$f";
        String command = script.formatted(Setting.ACTIONS_LOGGED.file());
        Setting.ACTIONS_LOGGED.during(
                all,
                () ->
                        Learn.command(
                                        "--source %s sh -c %s sh %s %s",
                                        source, command, without, all)
                                .run()
                                .assertStatus(125)
                                .assertNoOut()
                                .assertErr("sandbox learn: incomplete, ", "actions_logged"));
    }
}

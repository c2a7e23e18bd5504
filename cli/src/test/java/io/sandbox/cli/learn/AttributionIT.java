// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Enforced;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The list holds every call of the target and its descendants, and of no other process. The
 * programs make calls that neither the C library nor a shell makes.
 */
final class AttributionIT {
    /** Harmless with zeros as arguments: they only read something or fail. */
    private static final String MINE = "getpriority";

    private static final String ALSO_MINE = "sched_getscheduler";
    private static final String OTHERS = "times";

    /** Number 163 on x86_64; it is what a forged record claims. */
    private static final String FORGED = "acct";

    @TempDir private Path folder;

    private String calls;

    @BeforeEach
    void prepare() throws Exception {
        LiveKernel.requireRoot();
        calls = CProgram.compile("calls", folder, "-pthread").toString();
    }

    private static String number(String name) {
        SyscallDb db = SyscallDb.get();
        return Integer.toString(db.table(db.nativeArch()).byName(name).orElseThrow().number());
    }

    private List<String> callsAtOnce(String mode, String... names) {
        List<String> words = new ArrayList<>(List.of(calls, mode, "-", "-"));
        for (String name : names) {
            words.add(number(name));
        }
        return words;
    }

    /** The program makes the file NAME.ready when it runs, and waits for the file NAME.go. */
    private List<String> callsOnGo(String file, String... names) {
        List<String> words = callsAtOnce("plain", names);
        words.set(2, ready(file).toString());
        words.set(3, go(file).toString());
        return words;
    }

    private Path ready(String file) {
        return folder.resolve(file + ".ready");
    }

    private Path go(String file) {
        return folder.resolve(file + ".go");
    }

    private static Set<String> learned(Finished run) {
        assertEquals(0, run.status(), run::toString);
        return SyscallNames.parse(run.out());
    }

    private static Set<String> learn(List<String> program) throws Exception {
        return learned(Learn.command(program).run());
    }

    private static Set<String> plus(Set<String> names, String... more) {
        Set<String> all = new TreeSet<>(names);
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> shell(String script, List<String> words) {
        List<String> all = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        all.addAll(words);
        return all;
    }

    private static List<String> options(String option, String value, List<String> program) {
        List<String> words = new ArrayList<>(List.of(option, value, "--"));
        words.addAll(program);
        return words;
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void twoRecordingsAtOnce_areExactAndDifferent(String source) throws Exception {
        LiveKernel.requireKernelLog();
        // A process that waits makes some more calls than one that does not.
        Files.createFile(go("alone"));
        Set<String> alone = plus(learn(callsOnGo("alone")), "clock_nanosleep");
        try (Child.Running first =
                        Learn.command(options("--source", source, callsOnGo("first", MINE)))
                                .start();
                Child.Running second =
                        Learn.command(options("--source", source, callsOnGo("second", OTHERS)))
                                .start()) {
            Until.exists(ready("first"));
            Until.exists(ready("second"));
            Thread.sleep(50);
            Files.createFile(go("first"));
            Files.createFile(go("second"));
            assertEquals(plus(alone, MINE), plus(learned(first.await()), "clock_nanosleep"));
            assertEquals(plus(alone, OTHERS), plus(learned(second.await()), "clock_nanosleep"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void anotherProcessUnderItsOwnFilter_isNotInOurList(String source) throws Exception {
        LiveKernel.requireKernelLog();
        String flood = CProgram.compile("flood", folder).toString();
        Set<String> alone = learn(callsAtOnce("plain", MINE));
        Path done = folder.resolve("done");
        // Under the printk limit lifted for kmsg an endless flood would overrun the log, so it is a
        // small one
        // there: it is enough that it lies in the middle of the recording.
        String count = source.equals("audit") ? "2000000000" : "100";
        Child other =
                Child.of(
                                flood,
                                count,
                                ready("flood").toString(),
                                go("flood").toString(),
                                done.toString())
                        .with("LD_PRELOAD", Dist.library().toString())
                        .with("SECCOMP_SYSCALL_ALLOW", "")
                        .with("SECCOMP_DEFAULT_ACTION", "log")
                        .with("SECCOMP_QUIET", "1");
        try (Child.Running flooding = other.start();
                Child.Running learning =
                        Learn.command(options("--source", source, callsOnGo("calls", MINE)))
                                .start()) {
            Until.exists(ready("flood"));
            Until.exists(ready("calls"));
            Files.createFile(go("flood"));
            if (source.equals("kmsg")) {
                Until.exists(done);
            }
            Files.createFile(go("calls"));
            Set<String> list = learned(learning.await());
            flooding.handle().destroyForcibly();
            assertTrue(list.contains(MINE), list::toString);
            assertFalse(list.contains("getppid"), list::toString);
            assertEquals(
                    plus(alone, "openat", "access", "clock_nanosleep", "close"),
                    plus(list, "clock_nanosleep"));
        }
    }

    @Test
    void threads_areFollowed() throws Exception {
        Set<String> list = learn(callsAtOnce("thread", MINE));
        assertTrue(list.contains(MINE), list::toString);
    }

    @Test
    void chainOfExecs_isFollowed() throws Exception {
        Set<String> list =
                learn(
                        shell(
                                "exec env nice sh -c 'exec \"$@\"' sh \"$@\"",
                                callsAtOnce("plain", MINE)));
        assertTrue(list.containsAll(Set.of("execve", MINE)), list::toString);
    }

    /** The middle process ends before its child does anything, and the program ends too. */
    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void daemonThatOutlivesTheProgram_isFollowedToItsEnd(String source) throws Exception {
        LiveKernel.requireKernelLog();
        List<String> daemon =
                shell(
                        "(setsid \"$@\" </dev/null >/dev/null 2>&1 &); exit 3",
                        callsOnGo("daemon", MINE));
        try (Child.Running learning = Learn.command(options("--source", source, daemon)).start()) {
            Until.exists(ready("daemon"));
            Until.holds(
                    "sandbox-learn tells of the daemon", () -> learning.err().contains("goes on"));
            assertTrue(learning.handle().isAlive());
            assertEquals("", learning.out(), "a list before the end");
            Files.createFile(go("daemon"));
            Finished run = learning.await();
            assertEquals(3, run.status(), run::toString);
            assertTrue(SyscallNames.parse(run.out()).contains(MINE), run::out);
        }
    }

    private List<String> daemonThatNeverEnds() throws Exception {
        return shell("(setsid \"$@\" </dev/null >/dev/null 2>&1 &)", callsOnGo("daemon", MINE));
    }

    private void awaitDaemon(Child.Running learning) throws Exception {
        Until.holds("sandbox-learn tells of the daemon", () -> learning.err().contains("goes on"));
        Until.exists(ready("daemon"));
    }

    /** SIGTERM ends the remaining processes; the list holds the calls until then. */
    @Test
    void daemonThatNeverEnds_isEndedByASignalToUs() throws Exception {
        try (Child.Running learning = Learn.command(daemonThatNeverEnds()).start()) {
            awaitDaemon(learning);
            learning.handle().destroy();
            Set<String> list = learned(learning.await());
            assertTrue(list.contains("setsid") && !list.contains(MINE), list::toString);
        }
    }

    /** A process that cannot be found gets no signal and is not waited for. We poll seven files. */
    @Test
    void daemonThatCannotBeLookedFor_isSaid() throws Exception {
        LiveKernel.requireProgram("prlimit");
        try (Child.Running learning = Learn.command(daemonThatNeverEnds()).start()) {
            awaitDaemon(learning);
            String pid = Long.toString(learning.handle().pid());
            assertEquals(0, Child.of("prlimit", "--pid", pid, "--nofile=7:7").run().status());
            learning.handle().destroy();
            Finished run = learning.await();
            assertEquals(125, run.status(), run::toString);
            assertTrue(run.err().endsWith("/proc: Too many open files\n"), run::err);
        } finally {
            Files.createFile(go("daemon"));
        }
    }

    @Test
    void ownPidNamespace_isFollowed() throws Exception {
        List<String> words = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--mount-proc"));
        words.addAll(callsAtOnce("plain", MINE));
        Set<String> list = learn(words);
        assertTrue(list.containsAll(Set.of("unshare", MINE)), list::toString);
    }

    @Test
    void anotherUser_isFollowed() throws Exception {
        LiveKernel.requireProgram("setpriv");
        // The temporary folder is for root only, so the program goes where the other user may read
        // it.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> words =
                new ArrayList<>(
                        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        words.addAll(callsAtOnce("plain", MINE));
        Set<String> list = learn(words);
        assertTrue(list.containsAll(Set.of("setresuid", MINE)), list::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void nameThatLooksLikeAField_changesNothing(String source) throws Exception {
        LiveKernel.requireKernelLog();
        Set<String> plain = learn(callsAtOnce("plain", MINE));
        Set<String> list = learn(options("--source", source, callsAtOnce("rename", MINE)));
        assertEquals(plus(plain, "prctl"), list);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a line break",
                "a\"quote",
                "syscall=163",
                "a b exe=\"x\" sig=0 arch=c000003e syscall=163 compat=0",
                "\u00fc"
            })
    void executableWhoseNameLooksLikeFields_changesNothing(String name) throws Exception {
        Set<String> plain = learn(callsAtOnce("plain", MINE));
        Path odd = folder.resolve(name.equals("a line break") ? "a\nline" : name);
        Files.copy(Path.of(calls), odd, StandardCopyOption.COPY_ATTRIBUTES);
        List<String> words = callsAtOnce("plain", MINE);
        words.set(0, odd.toString());
        assertEquals(plain, learn(words));
    }

    // Leaving the audit session, which only a privileged program can.

    @Test
    void programThatChangesItsSession_isFollowed() throws Exception {
        Finished run =
                Learn.command(
                                shell(
                                        "echo 4242 > /proc/self/loginuid || exit; exec \"$@\"",
                                        callsAtOnce("plain", MINE)))
                        .run();
        assertTrue(learned(run).contains(MINE), run::toString);
        assertTrue(run.err().contains("session"), run::err);
    }

    @Test
    void childOfAProgramThatChangedItsSession_isFollowed() throws Exception {
        Finished run =
                Learn.command(
                                shell(
                                        "echo 4242 > /proc/self/loginuid || exit; \"$@\"; exit $?",
                                        callsAtOnce("plain", MINE)))
                        .run();
        assertTrue(learned(run).contains(MINE), run::toString);
    }

    @Test
    void programThatChangesItsSessionTwice_isFollowed() throws Exception {
        Finished run =
                Learn.command(
                                shell(
                                        "echo 1 > /proc/self/loginuid; echo 2 >"
                                                + " /proc/self/loginuid; \"$@\"; exit $?",
                                        callsAtOnce("plain", MINE)))
                        .run();
        assertTrue(learned(run).contains(MINE), run::toString);
    }

    /**
     * Followed, or not called complete: a complete list without the call would be a silent loss.
     */
    private void assertFollowedOrIncomplete(Finished run) {
        if (run.status() == 125) {
            assertEquals("", run.out());
            assertTrue(run.err().contains("sandbox learn: incomplete, "), run::err);
        } else {
            assertTrue(learned(run).contains(MINE), run::toString);
        }
    }

    @Test
    void childOfAProgramThatGaveUpItsSession_isNeverLostSilently() throws Exception {
        assertFollowedOrIncomplete(
                Learn.command(
                                shell(
                                        "echo 4294967295 > /proc/self/loginuid || exit; \"$@\";"
                                                + " exit $?",
                                        callsAtOnce("plain", MINE)))
                        .run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"4242", "4294967295"})
    void daemonThatChangedItsSession_isNeverLostSilently(String loginUid) throws Exception {
        List<String> daemon =
                shell(
                        "echo "
                                + loginUid
                                + " > /proc/self/loginuid; (setsid \"$@\" </dev/null >/dev/null"
                                + " 2>&1 &)",
                        callsOnGo("daemon", MINE));
        try (Child.Running learning = Learn.command(daemon).start()) {
            Until.exists(ready("daemon"));
            Until.holds(
                    "sandbox-learn tells of the daemon or ends",
                    () -> learning.err().contains("goes on") || !learning.handle().isAlive());
            Files.createFile(go("daemon"));
            assertFollowedOrIncomplete(learning.await());
        }
    }

    // Forgery: a process may write to the kernel log, and the kernel marks what it did not write
    // itself.

    @ParameterizedTest
    @ValueSource(strings = {"", "<5>", "<0>", "<2053>", "<13>"})
    void recordForgedInTheKernelLog_isNoRecord(String priority) throws Exception {
        LiveKernel.requireKernelLog();
        String forge =
                """
                read ses < /proc/self/sessionid
                line="audit: type=1326 audit(1700000000.123:4567): auid=0 uid=0 gid=0 ses=$ses pid=$$ comm=\\"sh\\""
                line="$line exe=\\"/usr/bin/dash\\" sig=0 arch=c000003e syscall=163 compat=0 ip=0x7f0 code=0x7ffc0000"
                printf '%s%s forged-by-test\\n' "$1" "$line" > /dev/kmsg || exit 9
                printf '%sfirst\\n%s\\n' "$1" "$line" > /dev/kmsg || exit 9
                """;
        Finished run =
                Learn.command(options("--source", "kmsg", shell(forge, List.of(priority)))).run();
        Set<String> list = learned(run);
        assertFalse(list.contains(FORGED), list::toString);
        Finished log = Child.of("dmesg").run();
        assertTrue(
                log.out().contains("syscall=163 compat=0 ip=0x7f0 code=0x7ffc0000 forged-by-test"),
                "not in the log");
    }

    /**
     * The forger needs no privilege for this one: it logs a call of any number under a filter of
     * its own.
     */
    @Test
    void callOfNoNumber_appearsAsItsNumberOrIsReported() throws Exception {
        List<String> words = callsAtOnce("plain", MINE, ALSO_MINE);
        words.add("100000");
        Set<String> list = learn(words);
        assertTrue(list.containsAll(Set.of(MINE, ALSO_MINE, "100000")), list::toString);
        Finished enforced = Enforced.program(words, list, Map.of(), folder);
        assertEquals(0, enforced.status(), enforced::toString);
        enforced =
                Enforced.program(
                        words, SyscallNames.without(list, Set.of("100000")), Map.of(), folder);
        assertEquals(159, enforced.status(), enforced::toString);
    }
}

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
import io.sandbox.cli.testing.Setting;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that try to make a call unrecorded: the list is never called complete without it.
 * Nothing else in the programs makes that call; see escape.c.
 */
final class EscapeIT {
    private static final String HIDDEN = "getpriority";
    private static final String INCOMPLETE = "sandbox learn: incomplete, ";

    /** A condition that always holds: a check allows such a call without a record. */
    private static final String UNSEEN = "(arg5>=0)";

    @TempDir private Path folder;

    private Path program;
    private Path file;

    @BeforeEach
    void prepare() throws Exception {
        LiveKernel.requireRoot();
        program = CProgram.compile("escape", folder);
        file = folder.resolve("file");
    }

    private List<String> escape(String mode) {
        return List.of(program.toString(), mode, file.toString());
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static Child learn(List<String> options, List<String> command) {
        return Learn.command(concat(options, command));
    }

    private static String withoutComments(String list) {
        return list.lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static void assertNotComplete(Finished run) {
        assertEquals(125, run.status(), run::toString);
        assertEquals("", run.out(), run::toString);
        assertTrue(run.err().contains(INCOMPLETE), run::toString);
    }

    // The program's own filter has precedence over one that logs.

    @ParameterizedTest
    @CsvSource({
        "audit, preload",
        "audit, exec",
        "audit, entry",
        "kmsg, preload",
        "kmsg, exec",
    })
    void callsThatAreHandedToATracer_areIncomplete(String source, String from) throws Exception {
        if (source.equals("kmsg")) {
            LiveKernel.requireKernelLog();
        }
        Finished run = learn(List.of("--source", source, "--from", from), escape("trace")).run();
        assertNotComplete(run);
        assertTrue(run.err().contains("hand calls to a tracer"), run::toString);
    }

    @Test
    void callsThatAreHandedToAnOutsider_areIncomplete() throws Exception {
        try (Child.Running tracer = Child.of(escape("tracer")).start();
                Child.Running learning = learn(List.of(), escape("outside")).start()) {
            assertNotComplete(learning.await());
            assertEquals(0, tracer.await().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec", "entry"})
    void tracerFromBeforeTheLibrary_isIncomplete(String from) throws Exception {
        program = CProgram.compile("escape", folder, "-DEARLY");
        assertNotComplete(learn(List.of("--from", from), escape("early")).run());
    }

    @Test
    void checkOfCallsThatAreHandedToATracer_isNeverSame() throws Exception {
        Path policy = folder.resolve("p.env");
        Finished learned = learn(List.of("--partial"), escape("trace")).run();
        Files.writeString(policy, learned.out());
        Finished check = check(policy, escape("trace")).run();
        assertEquals(2, check.status(), check::toString);
        assertTrue(check.out().contains("hand calls to a tracer"), check::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void callThatIsRefusedByItself_isAReservation(String source) throws Exception {
        Finished run = learn(List.of("--source", source), escape("refuse")).run();
        assertEquals(0, run.status(), run::toString);
        assertFalse(SyscallNames.parse(run.out()).contains("personality"), run::toString);
        assertTrue(run.err().contains("complete, with a reservation"), run::toString);
        assertTrue(run.err().contains("(sandbox learn --verify tries it)"), run::toString);
    }

    @Test
    void callThatIsRefusedByItself_isFoundByVerify() throws Exception {
        Finished run = learn(List.of("--verify"), escape("refuse")).run();
        assertEquals(0, run.status(), run::toString);
        Set<String> list = SyscallNames.parse(withoutComments(run.out()));
        assertTrue(list.contains("personality"), run::toString);
        Finished enforced = Enforced.program(escape("refuse"), list, Map.of(), folder);
        assertEquals(0, enforced.status(), enforced::toString);
    }

    /** The kernel does not ask about such a call, so only the program's death shows it. */
    @Test
    void callThatIsRefusedByItself_isNotVerifiedByNotify() throws Exception {
        Finished run = learn(List.of("--source", "notify", "--verify"), escape("refuse")).run();
        assertEquals(125, run.status(), run::toString);
        assertTrue(run.err().contains("--source audit"), run::toString);
    }

    /** The kernel takes the question back. It has no neighbour that would show a gap. */
    @ParameterizedTest
    @CsvSource({"first, seccomp", "last, prctl"})
    void questionThatASignalTakesBack_isInTheList(String place, String call) throws Exception {
        program = CProgram.compile("interrupted_once", folder);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        if (place.equals("last")) {
            command.add(place);
        }
        int interrupted = 0;
        for (int i = 0; i < 60 && interrupted < 3; i++) {
            Finished run = learn(List.of("--source", "audit"), command).run();
            assertEquals(0, run.status(), run::toString);
            assertTrue(SyscallNames.parse(run.out()).contains(call), run::toString);
            interrupted += run.err().contains("interrupted\n") ? 1 : 0;
        }
        assertTrue(interrupted > 0, "no question was taken back");
    }

    @Test
    void programThatIsTracedAlready_isRecordedWithoutGuard_andSaysSo() throws Exception {
        String strace = LiveKernel.requireProgram("strace").toString();
        List<String> traced = List.of(strace, "-f", "-o", "/dev/null", "-e", "trace=none");
        Finished plain =
                Child.of(concat(traced, Learn.words(List.of("--from", "preload", "/bin/true"))))
                        .run();
        assertEquals(0, plain.status(), plain::toString);
        List<String> words = concat(List.of("--from", "preload"), escape("refuse"));
        Finished loads = Child.of(concat(traced, Learn.words(words))).run();
        assertNotComplete(loads);
        assertTrue(loads.err().contains("could not be watched"), loads::toString);
    }

    // If known calls pass without a record, a process may leave no record at all.

    private static Child check(Path policy, List<String> command) {
        List<String> words =
                List.of(
                        Dist.command("sandbox-check").toString(),
                        "--policy",
                        policy.toString(),
                        "--");
        return Child.of(concat(words, command));
    }

    /** Allows all calls of the program except the hidden one, so that they leave no record. */
    private Path writeUnseenPolicy(String mode) throws Exception {
        Files.createFile(file);
        Finished learned = learn(List.of("-q"), escape(mode)).run();
        Files.delete(file);
        Set<String> calls = new TreeSet<>(SyscallNames.parse(learned.out()));
        calls.add("clock_nanosleep");
        calls.remove(HIDDEN);
        String list = calls.stream().map(call -> call + UNSEEN).collect(Collectors.joining(":"));
        return Files.writeString(
                folder.resolve("unseen.env"), "SECCOMP_SYSCALL_ALLOW=\"" + list + "\"\n");
    }

    @Test
    void chainOfProcessesWithoutRecords_isAwaited() throws Exception {
        Path policy = writeUnseenPolicy("chain");
        try (Child.Running check = check(policy, escape("chain")).start()) {
            Until.exists(folder.resolve("file.left"));
            // A check that overlooks the process would end within this time.
            Thread.sleep(1000);
            Files.createFile(file);
            Finished finished = check.await();
            assertEquals(1, finished.status(), finished::toString);
            assertTrue(finished.out().contains(HIDDEN), finished::toString);
        }
    }

    @Test
    void processThatLeavesItsSessionWithoutARecord_isNeverLostSilently() throws Exception {
        Path policy = writeUnseenPolicy("leave");
        try (Child.Running check = check(policy, escape("leave")).start()) {
            Until.exists(folder.resolve("file.left"));
            Files.createFile(file);
            Finished finished = check.await();
            assertEquals(2, finished.status(), finished::toString);
        }
    }

    // A privileged process can switch the log action off.

    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void logActionThatIsSwitchedOffAndOn_isIncomplete(String source) throws Exception {
        LiveKernel.requireKernelLog();
        String all = Setting.ACTIONS_LOGGED.value();
        String without = all.replaceAll(" ?\\blog\\b", "");
        String script =
                "f="
                        + Setting.ACTIONS_LOGGED.file()
                        + "; echo \"$1\" >$f; kill -0 $$; echo \"$2\" >$f";
        try {
            Finished run =
                    learn(
                                    List.of("--source", source),
                                    List.of("/bin/sh", "-c", script, "sh", without, all))
                            .run();
            assertNotComplete(run);
            assertTrue(run.err().contains("actions_logged"), run::toString);
        } finally {
            Setting.ACTIONS_LOGGED.set(all);
        }
    }

    // A daemon that fails looks like a program that succeeds.

    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void daemonThatFails_isSaid(String source) throws Exception {
        String script = "(sleep 0.3; exit 71) & exit 0";
        Finished run =
                learn(List.of("--source", source, "-q"), List.of("/bin/sh", "-c", script)).run();
        assertEquals(0, run.status(), run::toString);
        assertTrue(run.err().contains("with status 71"), run::toString);
    }

    // The evidence itself.

    @Test
    void recorderAndSupervisor_areClosedToTheTarget() throws Exception {
        String script =
                "for p in $PPID $(cat /proc/$PPID/task/$PPID/children); do"
                        + " [ $p = $$ ] || head -c 1 /proc/$p/environ; done";
        List<String> command = concat(Learn.nobody(), Learn.words(List.of()));
        Finished run =
                Child.of(concat(command, List.of("/bin/sh", "-c", script))).in(Path.of("/")).run();
        assertEquals(
                2, run.err().split("for reading: Permission denied", -1).length - 1, run.err());
    }
}

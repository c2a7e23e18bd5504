// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.SyscallNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
@MakesRecords
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
        run.assertStatus(125).assertNoOut().assertErr(INCOMPLETE);
    }

    // The program's own filter has precedence over one that logs.

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec", "entry"})
    void callsThatAreHandedToATracer_areIncomplete(String from) throws Exception {
        Finished run = learn(List.of("--source", "audit", "--from", from), escape("trace")).run();
        assertNotComplete(run);
        run.assertErr("hand calls to a tracer");
    }

    @Test
    void callsThatAreHandedToAnOutsider_areIncomplete() throws Exception {
        try (Child.Running tracer = Child.of(escape("tracer")).start();
                Child.Running learning = learn(List.of(), escape("outside")).start()) {
            assertNotComplete(learning.await());
            tracer.await().assertStatus(0);
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
        check(policy, escape("trace")).run().assertStatus(2).assertOut("hand calls to a tracer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void callThatIsRefusedByItself_isAReservation(String source) throws Exception {
        Finished run = learn(List.of("--source", source), escape("refuse")).run().assertStatus(0);
        assertFalse(SyscallNames.parse(run.out()).contains("personality"), run::toString);
        run.assertErr("complete, with a reservation", "(sandbox learn --verify tries it)");
    }

    /** The kernel does not ask about such a call, so only the program's death shows it. */
    @Test
    void callThatIsRefusedByItself_isNotVerifiedByNotify() throws Exception {
        learn(List.of("--source", "notify", "--verify"), escape("refuse"))
                .run()
                .assertStatus(125)
                .assertErr("--source audit");
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
            Finished run =
                    learn(List.of("--source", "audit"), command)
                            .run()
                            .assertStatus(0)
                            .assertLists(call);
            interrupted += run.err().contains("interrupted\n") ? 1 : 0;
        }
        assertTrue(interrupted > 0, "no question was taken back");
    }

    @Test
    void programThatIsTracedAlready_isRecordedWithoutGuard_andSaysSo() throws Exception {
        String strace = LiveKernel.requireProgram("strace").toString();
        List<String> traced = List.of(strace, "-f", "-o", "/dev/null", "-e", "trace=none");
        Child.of(concat(traced, Learn.words("--from preload /bin/true"))).run().assertStatus(0);
        Finished loads =
                Child.of("%s sandbox learn --from preload %s", traced, escape("refuse")).run();
        assertNotComplete(loads);
        loads.assertErr("could not be watched");
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

    // A daemon that fails looks like a program that succeeds.

    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void daemonThatFails_isSaid(String source) throws Exception {
        String script = "(sleep 0.3; exit 71) & exit 0";
        learn(List.of("--source", source, "-q"), List.of("/bin/sh", "-c", script))
                .run()
                .assertStatus(0)
                .assertErr("with status 71");
    }

    // The evidence itself.

    @Test
    void recorderAndSupervisor_areClosedToTheTarget() throws Exception {
        String script =
                "for p in $PPID $(cat /proc/$PPID/task/$PPID/children); do"
                        + " [ $p = $$ ] || head -c 1 /proc/$p/environ; done";
        List<String> command = concat(Learn.nobody(), Learn.words(""));
        Finished run =
                Child.of(concat(command, List.of("/bin/sh", "-c", script))).in(Path.of("/")).run();
        assertEquals(
                2, run.err().split("for reading: Permission denied", -1).length - 1, run.err());
    }
}

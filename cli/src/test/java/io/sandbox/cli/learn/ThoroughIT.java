// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.Until;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that are tried in several states. */
@NeedsQuietLog
final class ThoroughIT {
    /** What a run leaves of which it was robbed of its end. */
    private static final String LEAVES =
            "if [ -e lock ]; then nice true || exit 1; fi; >lock; sleep 0.3; rm lock";

    /** All that a state could leave behind. Its own file systems are the only overlays there. */
    private static final String TRACES =
            "find . -printf '%p %T@ %s\\n"
                    + "'; ls -d /left-* /tmp/left-* /dev/shm/left-*; cat /proc/mounts; find"
                    + " /sys/fs/cgroup -type d; grep -rs . /proc/sys/kernel /proc/sys/vm"
                    + " --exclude-dir=random | grep -v 'ns_last_pid\\|pty/nr'";

    /** Writes wherever it can, but only in a copy. */
    private static final String WRITES =
            "if grep -q '^overlay /tmp ' /proc/self/mounts; then echo x >left; echo x >>mine;"
                    + " mkdir -p /tmp/left-$0; echo x >/dev/shm/left-$0; chmod 700 mine;"
                    + " touch /left-$0;"
                    + " (sleep 0.2; echo y >left) & fi; sleep 0.1";

    private static final String PYTHON =
            """
            import os, sys
            sys.dont_write_bytecode = False
            sys.path.insert(0, ".")
            import changed
            if os.path.exists("grow"):
                bytearray(1 << 20).extend(bytes(1 << 24))
            if os.fork() == 0:
                os.abort() if os.path.exists("abort") else os._exit(6)
            sys.exit(os.wait()[1] not in (6, 6 << 8))
            """;

    @TempDir private Path folder;

    private final Random random = new Random();

    @BeforeEach
    void require() throws Exception {
        LiveKernel.requireRoot();
    }

    private Finished learn(String line, Object... values) throws Exception {
        return Learn.command("--thorough " + line, values).in(folder).run();
    }

    /** A program that makes one call more in a state. */
    @Table
    void state_showsItsCall(String state, String script) throws Exception {
        Path list = folder.resolve("list");
        Path recording = folder.resolve("json");
        Learn.open(folder);
        learn(
                        "--quiet-runs 1 --verify-runs 1 --vary %s --recording %s -o %s sh -c %s",
                        state, recording, list, script)
                .assertStatus(0)
                .assertErr(state + ": ", " of them in 1 state: " + state);
        assertTrue(
                Files.readString(list).contains("setpriority: only in the state " + state),
                () -> "not in " + list);
        assertEquals(
                List.of(state),
                Recorded.in(recording).runs().stream()
                        .map(Run::state)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList());
        assertFalse(Files.exists(folder.resolve("lock")));
    }

    /** Equal runs do not show what comes after a crash, and their list kills the next start. */
    @Test
    void killed_startsAgainUnderTheList() throws Exception {
        Path equal = folder.resolve("equal");
        Path varied = folder.resolve("varied");
        List<String> program = List.of("sh", "-c", LEAVES);
        Learn.command("--until-quiet --verify -q -o %s %s", equal, program)
                .in(folder)
                .run()
                .assertStatus(0);
        learn("--vary killed -q -o %s %s", varied, program).assertStatus(0);
        for (int i = 0; i < 3; i++) {
            Files.createFile(folder.resolve("lock"));
            assertNotEquals(0, under(equal, program).status());
            Files.deleteIfExists(folder.resolve("lock"));
            Files.createFile(folder.resolve("lock"));
            under(varied, program).assertStatus(0);
        }
    }

    private Finished under(Path list, List<String> program) throws Exception {
        return Child.of("sandbox run -q --policy %s %s", list, program).in(folder).run();
    }

    /** A JVM looks for those that were killed by the files that they left (hsperfdata). */
    @Test
    void jvm_startsWhereAnotherWasKilled() throws Exception {
        Path list = folder.resolve("list");
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> jvm =
                List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName());
        learn("--quiet-runs 2 --vary killed -q -o %s %s", list, jvm).assertStatus(0);
        for (int i = 0; i < 3; i++) {
            try (Child.Running killed = Child.of(jvm).start()) {
                Path left =
                        Path.of(
                                "/tmp/hsperfdata_" + System.getProperty("user.name"),
                                String.valueOf(killed.handle().pid()));
                Until.exists(left);
                killed.handle().destroyForcibly();
            }
            under(list, jvm).assertStatus(0);
        }
    }

    /** A program of the test above. */
    static final class Waiting {
        private static final int MILLIS = 500;

        private Waiting() {}

        public static void main(String[] arguments) throws InterruptedException {
            Thread.sleep(MILLIS);
        }
    }

    /** Python compiles a module that has changed, its memory grows, and a child of it aborts. */
    @ParameterizedTest
    @ValueSource(strings = {"rm -r __pycache__", "touch grow", "touch abort"})
    void runtime_doesWhatNoRunShowed(String change) throws Exception {
        Files.writeString(folder.resolve("changed.py"), "");
        Path list = folder.resolve("list");
        Path exact = folder.resolve("exact");
        List<String> program = List.of("/usr/bin/python3", "-c", PYTHON);
        Child.of(program).in(folder).run().assertStatus(0);
        learn("--quiet-runs 1 --verify-runs 1 --vary no-terminal -q -o %s %s", list, program)
                .assertStatus(0);
        Learn.command("--until-quiet --quiet-runs 1 -q -o %s %s", exact, program)
                .in(folder)
                .run()
                .assertStatus(0);
        Child.shell(change, List.of()).in(folder).run().assertStatus(0);
        assertNotEquals(0, under(exact, program).status());
        under(list, program).assertStatus(0);
    }

    private List<String> traces() throws Exception {
        return Child.shell(TRACES, List.of()).in(folder).run().out().lines().toList();
    }

    /** The list itself and the streams of the command are elsewhere. */
    @Test
    void states_leaveNothing() throws Exception {
        Files.writeString(folder.resolve("mine"), "as it was\n");
        List<String> before = traces();
        Finished run = learn("--quiet-runs 2 sh -c %s %s", WRITES, folder.getFileName());
        run.assertStatus(0).assertErr("26 states");
        assertTraces(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "KILL"})
    void states_leaveNothing_whenWeAreEndedAtAnyMoment(String signal) throws Exception {
        Files.writeString(folder.resolve("mine"), "as it was\n");
        List<String> before = traces();
        for (int i = 0; i < 4; i++) {
            try (Child.Running run =
                    Learn.command(
                                    "--thorough --quiet-runs 1 sh -c %s %s",
                                    WRITES, folder.getFileName())
                            .in(folder)
                            .start()) {
                Thread.sleep(1000 + random.nextInt(4000));
                Child.of("kill -s %s %s", signal, run.handle().pid()).run();
                run.await();
            }
            assertTraces(before);
        }
    }

    private void assertTraces(List<String> before) throws Exception {
        Until.noProcessHas(folder.getFileName().toString());
        List<String> after = traces();
        assertEquals(
                List.of(),
                after.stream().filter(line -> !before.contains(line)).collect(Collectors.toList()));
        assertEquals(before.size(), after.size());
    }

    @Test
    void dryRun_listsTheStatesAndRunsNothing() throws Exception {
        Finished run = learn("--dry-run --vary=-terminal sh -c %s", ">ran");
        run.assertStatus(0).assertOut("  killed ");
        assertFalse(run.out().contains("  terminal "));
        assertFalse(Files.exists(folder.resolve("ran")));
        learn("--vary=nowhere true").assertStatus(125).assertErr("no such state");
    }
}

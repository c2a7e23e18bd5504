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
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox-learn --pid} and {@code --cgroup} record running processes untouched. */
@MakesRecords
final class WindowIT {
    @TempDir private Path folder;

    @BeforeEach
    void requireBpf() throws Exception {
        LiveKernel.requireBpf();
    }

    private static Finished learn(Child.Running target, String line, Object... values)
            throws Exception {
        List<String> options = Words.of(line, values);
        return Child.of("sandbox attach %s --pid %s", options, target.handle().pid()).run();
    }

    /** The program sleeps all the time, so it enters no call while the window is open. */
    @Test
    void callInFlight_isListedAndSaid() throws Exception {
        try (Child.Running target = Child.of("/bin/sleep 60").start()) {
            Finished run = learn(target, "--partial --duration 1s").assertStatus(125);
            assertEquals(Set.of("clock_nanosleep"), SyscallNames.parse(run.out()));
            run.assertErr("had made last: clock_nanosleep", "complete for the window");
            assertTrue(target.handle().isAlive(), "the recording has ended the program");
        }
    }

    /** Processes have other numbers there than in the kernel's programs, as in a container. */
    @Test
    void processOfAPidNamespace_isFound() throws Exception {
        String script = "/bin/sleep 60 & \"$@\" --pid $!; kill -0 $! && kill $!";
        Child.of(
                        "unshare --fork --pid --mount-proc /bin/sh -c %s sh sandbox attach"
                                + " --partial --duration 2s",
                        script)
                .run()
                .assertStatus(0)
                .assertLists("clock_nanosleep")
                .assertErr("complete for the window");
    }

    @Test
    void windowEndsWithTheLastProcess_andIsMergedWithAStart() throws Exception {
        Path start = folder.resolve("start.json");
        List<String> words = List.of("/bin/sh", "-c", "sleep 5; nice true");
        Learn.command("-q --source bpf --recording %s /bin/sh -c %s", start, "sleep 0")
                .run()
                .assertStatus(0);
        try (Child.Running target = Child.of(words).start()) {
            learn(target, "--merge %s", start).assertStatus(0).assertLists("wait4", "getpriority");
            target.await().assertStatus(0);
        }
    }

    /** A server, which with the argument check ends before it serves, as nginx -t does. */
    private static final String SERVER =
            "$SIG{TERM} = sub { exit 0 }; exit 0 if \"@ARGV\" eq \"check\";"
                    + " use IO::Socket; my $s = IO::Socket::INET->new(Listen => 5); $s->accept";

    @Test
    void windowOfAServer_needsAStartThatServes() throws Exception {
        Path window = folder.resolve("window.json");
        try (Child.Running target = Child.of("perl -e %s", SERVER).start()) {
            learn(target, "-q --partial --duration 2s --recording %s", window);
        }
        List<String> merged =
                List.of("--source", "bpf", "--duration", "3s", "--merge", window.toString());
        learnStart(merged, "/bin/true")
                .assertStatus(125)
                .assertErr("perl is missing", ": incomplete");
        learnStart(merged, "perl -e %s check", SERVER)
                .assertStatus(125)
                .assertErr("no complete run of", "accept");
        learnStart(merged, "perl -e %s", SERVER).assertStatus(0).assertLists("listen");
    }

    private static Finished learnStart(List<String> options, String line, Object... values)
            throws Exception {
        return Learn.command("%s %s", options, Words.of(line, values)).run();
    }

    /**
     * A process, or a chain of processes, calls 1000, 1001 and so on. The window must have all
     * numbers from the first that it has to the last.
     */
    @ParameterizedTest
    @ValueSource(strings = {"one", "chain"})
    void ascendingCalls_haveNoGap(String kind) throws Exception {
        Path program = CProgram.compile("seq", folder);
        for (int i = 0; i < 3; i++) {
            try (Child.Running target = Child.of("%s %s", program, kind).start()) {
                Finished run = learn(target, "--partial --duration 1s");
                int[] numbers =
                        SyscallNames.parse(run.out()).stream()
                                .filter(name -> name.matches("[0-9]+"))
                                .mapToInt(Integer::parseInt)
                                .sorted()
                                .toArray();
                assertTrue(numbers.length > 0, run::toString);
                assertEquals(
                        numbers[numbers.length - 1] - numbers[0] + 1, numbers.length, run.err());
                run.assertErr("complete for the window");
            }
        }
    }

    /** Another cgroup has the same name, and comes first. */
    @Test
    void container_isFoundByItsName() throws Exception {
        OciBundle bundle = OciBundle.in(folder.resolve("bundle"));
        bundle.configure("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", "/bin/sleep", "60");
        String name = "window-it-" + ProcessHandle.current().pid();
        List<String> words = new ArrayList<>(OciBundle.ownCgroups());
        String script =
                """
                bundle=$1 name=$2; shift 2
                decoy=/sys/fs/cgroup/.decoy-$name
                mkdir "$decoy" "$decoy/$name"
                crun --cgroup-manager cgroupfs run -d --bundle "$bundle" "$name" >&2 </dev/null
                "$@" --partial --duration 1s --container "$name"
                echo "$?" >&2
                crun delete -f "$name"
                rmdir "$decoy/$name" "$decoy"
                """;
        words.addAll(List.of("sh", "-c", script, "sh", folder.resolve("bundle").toString(), name));
        words.addAll(Words.of("sandbox attach"));
        LiveKernel.requireProgram("crun");
        Finished run = Child.of(words).run();
        assertEquals(Set.of("clock_nanosleep"), SyscallNames.parse(run.out()), run::toString);
        run.assertErr("complete for the window");
    }

    @Test
    void check_comparesWhatRuns() throws Exception {
        Path policy = Files.writeString(folder.resolve("p.env"), "SECCOMP_SYSCALL_ALLOW=read\n");
        try (Child.Running target = Child.of("/bin/sleep 60").start()) {
            Child.of(
                            "sandbox-check --policy %s --duration 1s --pid %s",
                            policy, Long.toString(target.handle().pid()))
                    .run()
                    .assertStatus(1)
                    .assertOut("clock_nanosleep");
        }
    }

    @Test
    void mistakes_areSaidInOneLine() throws Exception {
        assertMistake("no such process", "--pid 2147483647");
        assertMistake("not a cgroup of version 2", "--cgroup %s", folder);
        assertMistake("no container of this name", "--container=web");
        assertMistake("no container of this name", "--container web");
        assertMistake("has no cgroup", "--container 0123456789ab --duration 1s");
        assertMistake("one of them", "--pid 1 --unit x.service");
        assertMistake("nothing given to attach to", "");
        assertMistake("Unknown options: '--runs'", "--pid 1 --runs 2");
    }

    private static void assertMistake(String what, String line, Object... values) throws Exception {
        Child.of("sandbox attach " + line, values)
                .run()
                .assertRefusedBy("sandbox attach", 125, what);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.cli.testing.SyscallNames;
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
final class WindowIT {
    @TempDir private Path folder;

    @BeforeEach
    void requireBpf() throws Exception {
        LiveKernel.requireBpf();
    }

    private static Finished learn(Child.Running target, String... options) throws Exception {
        return Child.of(words(target, options)).run();
    }

    private static List<String> words(Child.Running target, String... options) {
        List<String> words = new ArrayList<>(Learn.verb("attach", List.of(options)));
        words.addAll(List.of("--pid", Long.toString(target.handle().pid())));
        return words;
    }

    /** The program sleeps all the time, so it enters no call while the window is open. */
    @Test
    void callInFlight_isListedAndSaid() throws Exception {
        try (Child.Running target = Child.of("/bin/sleep", "60").start()) {
            Finished run = learn(target, "--partial", "--duration", "1s");
            assertEquals(125, run.status(), run::toString);
            assertEquals(Set.of("clock_nanosleep"), SyscallNames.parse(run.out()));
            assertTrue(run.err().contains("had made last: clock_nanosleep"), run::toString);
            assertTrue(run.err().contains("complete for the window"), run::toString);
            assertTrue(target.handle().isAlive(), "the recording has ended the program");
        }
    }

    /** Processes have other numbers there than in the kernel's programs, as in a container. */
    @Test
    void processOfAPidNamespace_isFound() throws Exception {
        String script = "/bin/sleep 60 & \"$@\" --pid $!; kill -0 $! && kill $!";
        List<String> words =
                new ArrayList<>(List.of("unshare", "--fork", "--pid", "--mount-proc", "/bin/sh"));
        words.addAll(List.of("-c", script, "sh"));
        words.addAll(Learn.verb("attach", List.of("--partial", "--duration", "2s")));
        Finished run = Child.of(words).run();
        assertEquals(0, run.status(), run::toString);
        assertTrue(SyscallNames.parse(run.out()).contains("clock_nanosleep"), run::toString);
        assertTrue(run.err().contains("complete for the window"), run::toString);
    }

    @Test
    void windowEndsWithTheLastProcess_andIsMergedWithAStart() throws Exception {
        Path start = folder.resolve("start.json");
        List<String> words = List.of("/bin/sh", "-c", "sleep 2; nice true");
        Finished learned =
                Learn.command(
                                "-q",
                                "--source",
                                "bpf",
                                "--recording",
                                start.toString(),
                                "/bin/sh",
                                "-c",
                                "sleep 0")
                        .run();
        assertEquals(0, learned.status(), learned::toString);
        try (Child.Running target = Child.of(words).start()) {
            Finished run = learn(target, "--merge", start.toString());
            assertEquals(0, run.status(), run::toString);
            assertTrue(
                    SyscallNames.parse(run.out()).containsAll(Set.of("wait4", "getpriority")),
                    run::toString);
            assertEquals(0, target.await().status());
        }
    }

    /** A server, which with the argument check ends before it serves, as nginx -t does. */
    private static final String SERVER =
            "$SIG{TERM} = sub { exit 0 }; exit 0 if \"@ARGV\" eq \"check\";"
                    + " use IO::Socket; my $s = IO::Socket::INET->new(Listen => 5); $s->accept";

    @Test
    void windowOfAServer_needsAStartThatServes() throws Exception {
        Path window = folder.resolve("window.json");
        try (Child.Running target = Child.of("perl", "-e", SERVER).start()) {
            learn(target, "-q", "--partial", "--duration", "2s", "--recording", window.toString());
        }
        List<String> merged =
                List.of("--source", "bpf", "--duration", "3s", "--merge", window.toString());
        Finished other = learnStart(merged, "/bin/true");
        assertEquals(125, other.status(), other::toString);
        assertTrue(other.err().contains("perl is missing"), other::toString);
        assertTrue(other.err().contains(": incomplete"), other::toString);
        Finished check = learnStart(merged, "perl", "-e", SERVER, "check");
        assertEquals(125, check.status(), check::toString);
        assertTrue(check.err().contains("no complete run of"), check::toString);
        assertTrue(check.err().contains("accept"), check::toString);
        Finished served = learnStart(merged, "perl", "-e", SERVER);
        assertEquals(0, served.status(), served::toString);
        assertTrue(SyscallNames.parse(served.out()).contains("listen"), served::toString);
    }

    private static Finished learnStart(List<String> options, String... program) throws Exception {
        List<String> words = new ArrayList<>(Learn.words(options));
        words.addAll(List.of(program));
        return Child.of(words).run();
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
            try (Child.Running target = Child.of(program.toString(), kind).start()) {
                Finished run = learn(target, "--partial", "--duration", "1s");
                int[] numbers =
                        SyscallNames.parse(run.out()).stream()
                                .filter(name -> name.matches("[0-9]+"))
                                .mapToInt(Integer::parseInt)
                                .sorted()
                                .toArray();
                assertTrue(numbers.length > 0, run::toString);
                assertEquals(
                        numbers[numbers.length - 1] - numbers[0] + 1, numbers.length, run.err());
                assertTrue(run.err().contains("complete for the window"), run::toString);
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
        words.addAll(Learn.verb("attach", List.of()));
        LiveKernel.requireProgram("crun");
        Finished run = Child.of(words).run();
        assertEquals(Set.of("clock_nanosleep"), SyscallNames.parse(run.out()), run::toString);
        assertTrue(run.err().contains("complete for the window"), run::toString);
    }

    @Test
    void check_comparesWhatRuns() throws Exception {
        Path policy = Files.writeString(folder.resolve("p.env"), "SECCOMP_SYSCALL_ALLOW=read\n");
        try (Child.Running target = Child.of("/bin/sleep", "60").start()) {
            Finished run =
                    Child.of(
                                    Dist.command("sandbox-check").toString(),
                                    "--policy",
                                    policy.toString(),
                                    "--duration",
                                    "1s",
                                    "--pid",
                                    Long.toString(target.handle().pid()))
                            .run();
            assertEquals(1, run.status(), run::toString);
            assertTrue(run.out().contains("clock_nanosleep"), run::toString);
        }
    }

    @Test
    void mistakes_areSaidInOneLine() throws Exception {
        assertMistake("no such process", "--pid", "2147483647");
        assertMistake("not a cgroup of version 2", "--cgroup", folder.toString());
        assertMistake("no container of this name", "--container=web");
        assertMistake("no container of this name", "--container", "web");
        assertMistake("has no cgroup", "--container", "0123456789ab", "--duration", "1s");
        assertMistake("one of them", "--pid", "1", "--unit", "x.service");
        assertMistake("nothing given to attach to");
        assertMistake("Unknown options: '--runs'", "--pid", "1", "--runs", "2");
    }

    private static void assertMistake(String what, String... words) throws Exception {
        Finished run = Child.of(Learn.verb("attach", List.of(words))).run();
        assertEquals(125, run.status(), run::toString);
        assertEquals(1, run.err().lines().count(), run::toString);
        assertTrue(run.err().contains(what), run::toString);
    }
}

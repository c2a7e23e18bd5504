// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.cli.testing.Podman;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox learn-container} with podman: the learned list starts the container. */
@MakesRecords
final class ContainerIT {
    private static final String SCRIPT = "uname; /bin/cat /proc/self/comm; exit 3";

    @TempDir private static Path storage;
    private static Podman podman;
    @TempDir private Path folder;

    @BeforeAll
    static void makeImage() throws Exception {
        podman = Podman.in(storage);
    }

    @AfterAll
    static void removeImage() throws Exception {
        if (podman != null) {
            podman.close();
        }
    }

    private static List<String> run(String runtime, String options) {
        return podman.run(runtime, "--rm " + options + " %s /bin/sh -c %s", Podman.IMAGE, SCRIPT);
    }

    @ParameterizedTest
    @CsvSource({"runc, bpf", "crun, bpf", "runc, notify", "crun, notify"})
    void list_startsTheContainer_andWithoutAnEntryItDoesNot(String runtime, String source)
            throws Exception {
        Path list = folder.resolve("list.json");
        Path recording = folder.resolve("recording.json");
        Podman.learn(run(runtime, ""), "--source %s -o %s --recording %s", source, list, recording)
                .assertStatus(3)
                .assertOutIs("Linux\ncat\n");
        Run evidence = Recorded.firstRun(recording);
        assertEquals(source, evidence.source());
        evidence.programs().forEach(program -> assertEquals("/bin/busybox", program.executable()));
        assertFalse(evidence.runtime().isEmpty());

        List<String> enforced = run(runtime, "--security-opt=seccomp=" + list);
        Podman.child(enforced).run().assertStatus(3).assertOutIs("Linux\ncat\n");
        Files.writeString(list, Files.readString(list).replaceFirst("\"uname\",?", ""));
        Podman.child(enforced).run().assertOutLacks("Linux");
    }

    /**
     * For an exec, crun connects before it loads a filter, so it is counted, unless the machine is
     * busy. runc connects afterwards.
     */
    @ParameterizedTest
    @ValueSource(strings = {"crun", "runc"})
    void exec_ofAnotherCommand_isInTheListOrItIsIncomplete(String runtime) throws Exception {
        String script =
                """
                into() {
                    until [ "$("$@" inspect -f '{{.State.Status}}' exec 2>/dev/null)" = running ]; do
                        sleep 0.1
                    done
                    "$@" exec exec /bin/busybox mkdir /made && status=0 || status=127
                    printf 'exec %s ' $status
                    "$@" rm -f -t 0 exec >&2
                }
                $LEARN >&2 & into "$@"; wait $! && status=0 || status=$?
                [ $status = 125 ] || status=0
                printf 'learn %s ' $status
                [ $status = 125 ] || { $ENFORCED >&2 & into "$@"; wait; }
                """;
        Path list = folder.resolve("list.json");
        List<String> learn =
                Words.of(
                        "sandbox-learn-container --source bpf -o %s -- %s",
                        list, podman.run(runtime, "--name exec %s /bin/sleep 60", Podman.IMAGE));
        List<String> enforced =
                podman.run(
                        runtime,
                        "--name exec --security-opt=seccomp=%s %s /bin/sleep 60",
                        list,
                        Podman.IMAGE);
        Finished finished =
                Podman.child(Words.of("sh -c %s sh %s", script, podman.words(runtime, "")))
                        .with("LEARN", String.join(" ", learn))
                        .with("ENFORCED", String.join(" ", enforced))
                        .run();
        assertTrue(finished.out().matches("exec 0 learn (125|0 exec 0) "), finished::toString);
    }

    /** Nobody may be left to whom an exec could hand over its listener. */
    @Table
    void exec_whoeverIsKilled_doesNotHang(String runtime, String killed, int status)
            throws Exception {
        String script =
                """
                $LEARN >&2 &
                learn=$!
                until [ "$("$@" inspect -f '{{.State.Status}}' exec 2>/dev/null)" = running ]; do
                    kill -0 $learn || exit 1
                    sleep 0.1
                done
                java=$(pgrep -P $learn java)
                [ -z "$KILLED" ] || eval "kill -9 $KILLED"
                timeout 60 "$@" exec exec /bin/true
                echo "exec $?"
                timeout 60 "$@" rm -f -t 0 exec >&2
                wait $learn
                """;
        List<String> container =
                podman.run(runtime, "--rm --name exec %s /bin/sleep 60", Podman.IMAGE);
        List<String> learn = Words.of("sandbox-learn-container -- %s", container);
        Podman.child(Words.of("sh -c %s sh %s", script, podman.words(runtime, "")))
                .with("LEARN", String.join(" ", learn))
                .with("KILLED", killed)
                .run()
                .assertOutIs("exec " + status + "\n");
    }

    /** podman of another user, whose namespace has that user alone. Nothing is root's. */
    @Test
    void rootless_list_startsTheContainer() throws Exception {
        LiveKernel.requireProgram("podman");
        LiveKernel.requireProgram("crun");
        // Others cannot look into the folders of tests.
        Path home = Files.createTempDirectory("sandbox-rootless");
        Files.setAttribute(home, "unix:uid", 65534);
        String script =
                """
                export HOME=$PWD/home XDG_RUNTIME_DIR=$PWD/run; mkdir -m 700 home run; learn=$1
                podman="podman --root $PWD/root --runroot $PWD/state --tmpdir $PWD/tmp
                    --storage-driver vfs --cgroup-manager cgroupfs --runtime $(command -v crun)"
                trap '$podman unshare rm -rf root; $podman system migrate; rm -rf -- *' EXIT
                run="$podman run --rm --network none --cgroups=disabled"
                mkdir -p b/bin; cp "$(command -v busybox)" b/bin; ln -s busybox b/bin/sh
                tar --owner=0 --group=0 -C b -c . | $podman import - image:latest >&2
                $learn -o list.json -- $run image /bin/sh -c 'id -u; exit 3'
                echo "status $?"
                $run --security-opt seccomp=$PWD/list.json image /bin/sh -c 'id -u; exit 3'
                echo "status $?"
                $run --security-opt seccomp=$PWD/list.json image /bin/sh -c 'mkdir /x && id -u'
                """;
        Child.of(
                        "%s %s sh -c %s sh sandbox-learn-container",
                        OciBundle.ownCgroups(), Learn.asNobody(), script)
                .with("PODMAN_IGNORE_CGROUPSV1_WARNING", "1")
                .in(home)
                .run()
                .assertOutIs("0\nstatus 3\n0\nstatus 3\n");
        Files.delete(home);
    }

    /** The terminal, what is typed, and the status are those of the container. */
    @Test
    void terminal_isTheContainers() throws Exception {
        List<String> container =
                podman.run(
                        "runc",
                        "--rm -it %s /bin/sh -c %s",
                        Podman.IMAGE,
                        "test -t 0 && echo ready; read x; exit $x");
        Terminal.run(
                        List.of("wait ready", "send 7\r"),
                        Words.of("sandbox learn-container -o %s/l -- %s", folder, container))
                .assertStatus(7);
    }

    @Test
    void verify_provesTheListAsItIsPrinted() throws Exception {
        Podman.learn(run("crun", ""), "--verify --verify-runs 2 -o %s/list.json", folder)
                .assertStatus(3)
                .assertErr("verified: 2 of 2 runs");
    }

    /** It ends in order by the signal, which its engine passes on. */
    @Test
    void server_isDrivenInEachRun() throws Exception {
        String script = "trap 'exit 3' TERM; >/shared/ready; while :; do sleep 0.1; done";
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Path asked = shared.resolve("asked");
        Podman.learn(
                        podman.run(
                                "crun",
                                "--rm -v %s:/shared %s /bin/sh -c %s",
                                shared,
                                Podman.IMAGE,
                                script),
                        "--verify --verify-runs 1 --ready file:%s/ready --exercise %s",
                        shared,
                        "echo >>" + asked)
                .assertStatus(3)
                .assertErr("verified: 1 of 1 run", "(each was ended by SIGTERM");
        assertEquals("\n\n\n", Files.readString(asked));
    }

    /** The container starts with what is left, which --verify proves with the printed profile. */
    @Test
    void atMost_docker_isProvenAndNowhereLooser() throws Exception {
        Path list = folder.resolve("list.json");
        Podman.learn(run("crun", ""), "--at-most docker --verify --verify-runs 1 -o %s", list)
                .assertStatus(3)
                .assertErr("sandbox learn-container: --at-most docker: ", "verified: ")
                .assertErrLacks("looser than");
        Child.of("sandbox policy convert --to oci --runtime none -o %s/again %s", folder, list)
                .run()
                .assertStatus(0)
                .assertErrLacks("looser than Docker");
    }

    /** The default profile comes with podman. What the runtime made of it means the same. */
    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void diff_containerUnderTheDefaultProfile_isWhatTheFileSays(String runtime) throws Exception {
        String line = "-d --name %s --cap-drop all %s /bin/sleep 1000";
        try {
            Podman.child(podman.run(runtime, line, runtime, Podman.IMAGE)).run().assertStatus(0);
            Finished pid =
                    Podman.child(podman.words(runtime, "inspect -f {{.State.Pid}} %s", runtime))
                            .run();
            // libseccomp has only the lower halves of x32's arguments compared.
            Child.of(
                            "sandbox policy diff --pid %s /usr/share/containers/seccomp.json",
                            pid.out().strip())
                    .run()
                    .assertOutIs("other architectures: i386 -> i386 x32\n");
        } finally {
            Podman.child(podman.words(runtime, "rm -f -t 0 %s", runtime)).run();
        }
    }

    @Test
    void detached_isFollowedToItsEnd() throws Exception {
        List<String> container =
                podman.run("runc", "-d --rm %s /bin/sh -c %s", Podman.IMAGE, "sleep 1; uname");
        Path list = folder.resolve("list.env");
        Podman.learn(container, "--to env -o %s", list).assertStatus(0);
        assertTrue(Files.readString(list).contains(":uname:"));
    }

    /** Twice, since containers of the first time are there the second time. */
    @Test
    void podmanCompose_recordsEachService() throws Exception {
        String compose = LiveKernel.requireProgram("podman-compose").toString();
        // It takes the podman that is found.
        Path programs = Files.createDirectory(folder.resolve("bin"));
        String command = String.join(" ", podman.words("runc", ""));
        Podman.script(programs, "podman", "#!/bin/sh\nexec " + command + " \"$@\"\n");
        Files.writeString(
                folder.resolve("compose.yaml"),
                OciBundle.composeFile("localhost/" + Podman.IMAGE, ""));
        Map<String, String> environment = Map.of("PATH", programs + ":" + System.getenv("PATH"));
        Path list = folder.resolve("l");
        for (String options : List.of("", "--verify --verify-runs 1")) {
            List<String> words =
                    Words.of("sandbox learn-container " + options + " -o l -- %s up", compose);
            Podman.child(words)
                    .with(environment)
                    .in(folder)
                    .run()
                    .assertStatus(0)
                    .assertOut("Linux")
                    .assertErr(options.isEmpty() ? "" : "verified: 1 of 1 run");
            String calls = Files.readString(list);
            assertTrue(calls.contains("\"uname\"") && calls.contains("\"getuid\""), calls);
            Files.delete(list);
        }
        Podman.child(List.of(compose, "down")).with(environment).in(folder).run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--privileged", "--security-opt=seccomp=unconfined"})
    void profileThatWouldNotRecord_isRefused(String option) throws Exception {
        Podman.learn(run("runc", option), "")
                .assertRefusedBy("sandbox learn-container", 125, option);
    }

    @Test
    void noContainer_isSaid() throws Exception {
        Podman.learn(List.of("/bin/true"), "")
                .assertStatus(125)
                .assertNoOut()
                .assertErr("no container handed over");
    }
}

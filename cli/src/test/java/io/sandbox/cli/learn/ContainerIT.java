// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.recorder.evidence.RecordingReader;
import io.sandbox.recorder.evidence.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox-learn --container} with podman: the learned list starts the container. */
final class ContainerIT {
    private static final String IMAGE = "sandbox-it";
    private static final String SCRIPT = "uname; /bin/cat /proc/self/comm; exit 3";

    @TempDir private static Path storage;
    @TempDir private Path folder;

    @BeforeAll
    static void makeImage() throws Exception {
        LiveKernel.requireRootUser();
        OciBundle busybox = OciBundle.in(storage.resolve("bundle"));
        Finished imported =
                Child.shell("tar -c . | \"$@\"", podman("runc", "import", "-", IMAGE + ":latest"))
                        .with("PODMAN_IGNORE_CGROUPSV1_WARNING", "1")
                        .in(busybox.rootfs())
                        .run();
        assertEquals(0, imported.status(), imported::toString);
    }

    /** Unmounts podman's storage, which could not be removed otherwise. */
    @AfterAll
    static void removeImage() throws Exception {
        Child.of(podman("runc", "system", "reset", "--force")).run();
    }

    private static List<String> podman(String runtime, String... words) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                LiveKernel.requireProgram("podman").toString(),
                                "--root",
                                storage.resolve("root").toString(),
                                "--runroot",
                                storage.resolve("run").toString(),
                                "--storage-driver",
                                "vfs",
                                "--cgroup-manager",
                                "cgroupfs",
                                "--runtime",
                                LiveKernel.requireProgram(runtime).toString()));
        all.addAll(List.of(words));
        return all;
    }

    private static List<String> run(String runtime, String... options) {
        List<String> words = new ArrayList<>(podman(runtime, "run", "--rm", "--network", "none"));
        if (runtime.equals("crun")) {
            words.add("--cgroups=disabled");
        }
        words.addAll(List.of(options));
        words.addAll(List.of(IMAGE, "/bin/sh", "-c", SCRIPT));
        return words;
    }

    private Finished finish(List<String> words) throws Exception {
        boolean crun = words.stream().anyMatch(word -> word.endsWith("/crun"));
        List<String> all = new ArrayList<>(crun ? OciBundle.ownCgroups() : List.of());
        all.addAll(words);
        return Child.of(all).with("PODMAN_IGNORE_CGROUPSV1_WARNING", "1").run();
    }

    private Finished learn(List<String> options, List<String> command) throws Exception {
        List<String> words = new ArrayList<>(List.of("--container"));
        words.addAll(options);
        words.add("--");
        words.addAll(command);
        return finish(Learn.words(words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void list_startsTheContainer_andWithoutAnEntryItDoesNot(String runtime) throws Exception {
        Path list = folder.resolve("list.json");
        Path recording = folder.resolve("recording.json");
        Finished learned =
                learn(
                        List.of("-o", list.toString(), "--recording", recording.toString()),
                        run(runtime));
        assertEquals(3, learned.status(), learned::toString);
        assertEquals("Linux\ncat\n", learned.out());
        Run evidence = RecordingReader.read(Files.readAllBytes(recording)).runs().get(0);
        evidence.programs().forEach(program -> assertEquals("/bin/busybox", program.executable()));
        assertFalse(evidence.runtime().isEmpty());

        Finished enforced = finish(run(runtime, "--security-opt", "seccomp=" + list));
        assertEquals(3, enforced.status(), enforced::toString);
        assertEquals("Linux\ncat\n", enforced.out(), enforced::toString);

        String text = Files.readString(list);
        Files.writeString(list, text.replaceFirst("\"uname\",?", ""));
        Finished killed = finish(run(runtime, "--security-opt", "seccomp=" + list));
        assertFalse(killed.out().contains("Linux"), killed::toString);
    }

    @Test
    void verify_provesTheListAsItIsPrinted() throws Exception {
        Finished learned =
                learn(
                        List.of("--verify", "--verify-runs", "2", "-o", folder + "/list.json"),
                        run("crun"));
        assertEquals(3, learned.status(), learned::toString);
        assertTrue(learned.err().contains("verified: 2 of 2 runs"), learned::toString);
    }

    /** The default profile comes with podman. What the runtime made of it means the same. */
    @ParameterizedTest
    @ValueSource(strings = {"runc", "crun"})
    void diff_containerUnderTheDefaultProfile_isWhatTheFileSays(String runtime) throws Exception {
        List<String> start = podman(runtime, "run", "-d", "--name", runtime, "--network", "none");
        if (runtime.equals("crun")) {
            start.add("--cgroups=disabled");
        }
        start.addAll(List.of("--cap-drop", "all", IMAGE, "/bin/sleep", "1000"));
        try {
            Finished started = finish(start);
            assertEquals(0, started.status(), started::toString);
            Finished pid =
                    finish(podman(runtime, "inspect", "--format", "{{.State.Pid}}", runtime));
            Finished compared =
                    Child.of(
                                    Dist.command("sandbox-policy").toString(),
                                    "diff",
                                    "--pid",
                                    pid.out().strip(),
                                    "/usr/share/containers/seccomp.json")
                            .run();
            // libseccomp has only the lower halves of x32's arguments compared.
            assertEquals(
                    "other architectures: i386 -> i386 x32\n", compared.out(), compared::toString);
        } finally {
            finish(podman(runtime, "rm", "-f", "-t", "0", runtime));
        }
    }

    @Test
    void detached_isFollowedToItsEnd() throws Exception {
        List<String> command = podman("runc", "run", "-d", "--rm", "--network", "none", IMAGE);
        command.addAll(List.of("/bin/sh", "-c", "sleep 1; uname"));
        Finished learned = learn(List.of("--format", "env", "-o", folder + "/list.env"), command);
        assertEquals(0, learned.status(), learned::toString);
        assertTrue(Files.readString(folder.resolve("list.env")).contains(":uname:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--privileged", "--security-opt=seccomp=unconfined"})
    void profileThatWouldNotRecord_isRefused(String option) throws Exception {
        Finished refused = learn(List.of(), run("runc", option));
        refused.assertRefused(125, option);
    }

    @Test
    void noContainer_isSaid() throws IOException, InterruptedException {
        Finished learned = Learn.command("--container", "--", "/bin/true").run();
        assertEquals(125, learned.status(), learned::toString);
        assertEquals("", learned.out());
        assertTrue(learned.err().contains("no container handed over"), learned::toString);
    }
}

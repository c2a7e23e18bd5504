// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.DockerDaemon;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.OciBundle;
import io.sandbox.cli.testing.Recorded;
import io.sandbox.cli.testing.Until;
import io.sandbox.cli.testing.Words;
import io.sandbox.evidence.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox-learn --container} with docker: its daemon starts the containers. */
@MakesRecords
final class DockerIT {
    private static final String IMAGE = "sandbox-it";
    private static final String SCRIPT = "uname; /bin/cat /proc/self/comm; exit 3";

    @TempDir private static Path storage;
    private static DockerDaemon docker;
    @TempDir private Path folder;

    @BeforeAll
    static void makeImage() throws Exception {
        docker = DockerDaemon.start(Files.createDirectory(storage.resolve("docker")));
        OciBundle busybox = OciBundle.in(storage.resolve("bundle"));
        Child.shell("tar -c . | \"$@\"", docker.words("import - %s", IMAGE))
                .with(docker.environment())
                .in(busybox.rootfs())
                .run()
                .assertStatus(0);
    }

    @AfterAll
    static void endDaemon() throws Exception {
        if (docker != null) {
            docker.close();
        }
    }

    private Finished learn(List<String> options, List<String> command) throws Exception {
        List<String> words = Words.of("%s -- %s", options, command);
        return Child.of("sandbox learn-container %s", words)
                .with(docker.environment())
                .in(folder)
                .run();
    }

    private static List<String> run(String option) {
        return docker.words(
                "run --rm --network none " + option + " %s /bin/sh -c %s", IMAGE, SCRIPT);
    }

    private Finished enforce(Path list) throws Exception {
        return Child.of(run("--security-opt=seccomp=" + list)).with(docker.environment()).run();
    }

    @Test
    void list_startsTheContainer_andWithoutAnEntryItDoesNot() throws Exception {
        Path list = folder.resolve("list.json");
        Path recording = folder.resolve("recording.json");
        List<String> options =
                Words.of("-o %s --recording %s --verify --verify-runs 2", list, recording);
        Finished learned =
                learn(options, run("")).assertStatus(3).assertErr("verified: 2 of 2 runs");
        assertTrue(learned.out().startsWith("Linux\ncat\n"), learned::toString);
        Run evidence = Recorded.firstRun(recording);
        evidence.programs().forEach(program -> assertEquals("/bin/busybox", program.executable()));
        assertFalse(evidence.runtime().isEmpty());

        enforce(list).assertStatus(3).assertOutIs("Linux\ncat\n");

        Files.writeString(list, Files.readString(list).replaceFirst("\"uname\",?", ""));
        enforce(list).assertOutLacks("Linux");
    }

    @Test
    void detached_isFollowedToItsEnd() throws Exception {
        List<String> command = docker.words("run -d --rm --network none %s", IMAGE);
        command.addAll(List.of("/bin/sh", "-c", "sleep 1; uname"));
        learn(List.of("--to", "env", "-o", folder + "/list.env"), command).assertStatus(0);
        assertTrue(Files.readString(folder.resolve("list.env")).contains(":uname:"));
    }

    /** The list is that of all services, and is proved with all of them. */
    @Test
    void compose_recordsEachService() throws Exception {
        docker.addCompose();
        Path project = folder.resolve("compose.yaml");
        Files.writeString(project, OciBundle.composeFile(IMAGE, ""));
        Path list = folder.resolve("list.json");
        List<String> up = docker.words("compose up");
        List<String> options = List.of("--verify", "--verify-runs", "2", "-o", list.toString());
        learn(options, up)
                .assertStatus(0)
                .assertOut("Linux")
                .assertErr("security_opt: [\"seccomp:");
        for (String call : new String[] {"uname", "getuid"}) {
            assertTrue(Files.readString(list).contains('"' + call + '"'), call);
        }

        String option = ", security_opt: [\"seccomp:" + list + "\"]";
        Files.writeString(project, OciBundle.composeFile(IMAGE, option));
        Child.of(up).with(docker.environment()).in(folder).run().assertStatus(0).assertOut("Linux");
        learn(List.of(), up)
                .assertRefusedBy(
                        "sandbox learn-container",
                        125,
                        "the service second has a seccomp profile of its own");
        Child.of(docker.words("compose down")).with(docker.environment()).in(folder).run();
    }

    @Test
    void signal_reachesTheContainer_andTheStatusIsIts() throws Exception {
        String script = "trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done";
        List<String> words = Words.of("-o %s --", folder + "/list");
        words.addAll(docker.words("run --rm --network none %s", IMAGE));
        words.addAll(List.of("/bin/sh", "-c", script));
        try (Child.Running learning =
                Child.of("sandbox learn-container %s", words).with(docker.environment()).start()) {
            Until.holds("the container runs", () -> learning.out().contains("ready"));
            learning.handle().destroy();
            learning.await().assertStatus(7);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Podman;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox check --explain-failure} with containers of podman that have ended. */
@NeedsQuietLog
final class ExplainFailureIT {
    private static final String KILL = "SCMP_ACT_KILL_PROCESS";

    @TempDir private Path folder;
    private Path list;

    @BeforeEach
    void requireKernelLog() throws Exception {
        LiveKernel.requireKernelLog();
        list = folder.resolve("list.json");
    }

    @Test
    void endedContainer_isExplainedByItsStatusItsOutputAndTheRecords() throws Exception {
        try (Podman podman = Podman.in(folder)) {
            Podman.learn(
                            podman.run("crun", "--rm %s /bin/busybox mkdir /m", Podman.IMAGE),
                            "-o %s",
                            list)
                    .assertStatus(0);
            Files.writeString(list, Files.readString(list).replaceFirst(",\\s*\"mkdir\"", ""));
            start(podman, "killed").assertStatus(159);
            explain(podman, "killed")
                    .assertStatus(1)
                    .assertOut("mkdir is not allowed (kill)", "/bin/busybox: once")
                    .assertErr("container killed ended with status 159: a filter killed it");

            Files.writeString(list, Files.readString(list).replace(KILL, "SCMP_ACT_ERRNO"));
            start(podman, "refused").assertStatus(1);
            explain(podman, "refused")
                    .assertStatus(2)
                    .assertNoOut()
                    .assertErr(
                            "container refused ended with status 1: no filter killed its first",
                            "podman logs: mkdir: can't create directory '/m': Operation not",
                            "no record of a refused call since ");
            explain(podman, "missing").assertStatus(2).assertErr("no engine here knows it");
        }
    }

    private Finished start(Podman podman, String name) throws Exception {
        String line = "--name %s --security-opt=seccomp=%s %s /bin/busybox mkdir /m";
        return Podman.child(podman.run("crun", line, name, list, Podman.IMAGE)).run();
    }

    private Finished explain(Podman podman, String name) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        List<String> words = podman.words("crun", "");
        Path engine =
                Files.writeString(
                        bin.resolve("podman"),
                        "#!/bin/sh\nexec " + String.join(" ", words) + " \"$@\"\n");
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwx------"));
        return Child.of("sandbox check --policy %s --explain-failure --container %s", list, name)
                .with("PATH", bin + ":" + System.getenv("PATH"))
                .run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An OCI bundle with busybox as its only program. */
public final class OciBundle {
    private final Path folder;

    private OciBundle(Path folder) {
        this.folder = folder;
    }

    /** Makes the bundle in a new folder. */
    public static OciBundle in(Path folder) throws IOException {
        Path programs = Files.createDirectories(folder.resolve("rootfs/bin"));
        for (String empty : new String[] {"proc", "dev", "sys", "etc", "tmp"}) {
            Files.createDirectories(folder.resolve("rootfs").resolve(empty));
        }
        Path busybox = programs.resolve("busybox");
        Files.copy(LiveKernel.requireProgram("busybox"), busybox);
        for (String name : new String[] {"sh", "echo", "cat", "sleep", "true", "uname", "id"}) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("busybox"));
        }
        return new OciBundle(folder);
    }

    public Path rootfs() {
        return folder.resolve("rootfs");
    }

    /** The words of a command that mounts only cgroups of version 2: crun refuses a mix. */
    public static List<String> ownCgroups() {
        return List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t cgroup2 none /sys/fs/cgroup && exec \"$@\"",
                "sh");
    }
}

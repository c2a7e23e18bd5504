// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Podman with a storage of its own, which has an image of busybox. */
public final class Podman implements AutoCloseable {
    public static final String IMAGE = "sandbox-it";

    private final Path storage;

    private Podman(Path storage) {
        this.storage = storage;
    }

    /** Makes the storage and the image in this folder. */
    public static Podman in(Path storage) throws Exception {
        LiveKernel.requireRootUser();
        Podman podman = new Podman(storage);
        OciBundle busybox = OciBundle.in(storage.resolve("bundle"));
        child(
                        Child.shellWords(
                                "tar -c . | \"$@\"",
                                podman.words("runc", "import - %s:latest", IMAGE)))
                .in(busybox.rootfs())
                .run()
                .assertStatus(0);
        return podman;
    }

    /** A command of podman with this runtime, runc or crun. */
    public List<String> words(String runtime, String line, Object... values) {
        return Words.of(
                "%s --root %s/root --runroot %s/run --tmpdir %s/libpod --storage-driver vfs"
                        + " --cgroup-manager cgroupfs --runtime %s %s",
                LiveKernel.requireProgram("podman"),
                storage,
                storage,
                storage,
                LiveKernel.requireProgram(runtime),
                Words.of(line, values));
    }

    /** The command that runs a new container: options, the image and the words of the program. */
    public List<String> run(String runtime, String line, Object... values) {
        return words(
                runtime,
                "run --network none %s %s",
                runtime.equals("crun") ? List.of("--cgroups=disabled") : List.of(),
                Words.of(line, values));
    }

    /** A command with podman in it, which has the cgroups that crun wants. */
    public static Child child(List<String> words) {
        boolean crun = words.stream().anyMatch(word -> word.endsWith("/crun"));
        return Child.of("%s %s", crun ? OciBundle.ownCgroups() : List.of(), words)
                .with("PODMAN_IGNORE_CGROUPSV1_WARNING", "1");
    }

    /** Records what this command starts. */
    public static Finished learn(List<String> command, String line, Object... values)
            throws Exception {
        List<String> options = Words.of(line, values);
        return child(Words.of("sandbox learn-container %s -- %s", options, command)).run();
    }

    /** Unmounts the storage, which could not be removed otherwise. */
    @Override
    public void close() throws IOException {
        try {
            child(words("runc", "system reset --force")).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}

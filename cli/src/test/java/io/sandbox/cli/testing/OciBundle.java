// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An OCI bundle with busybox as its only program, and the command to run it. The container gets
 * neither cgroups nor a network of its own.
 */
public final class OciBundle {
    private static final String NAMES =
            "[{\"type\": \"pid\"}, {\"type\": \"ipc\"}, {\"type\": \"uts\"}, {\"type\":"
                    + " \"mount\"}]";

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

    /** Sets the container's seccomp profile and command. */
    public void configure(String profile, String... command) throws IOException {
        String words =
                List.of(command).stream()
                        .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(", "));
        Files.writeString(
                folder.resolve("config.json"),
                "{\"ociVersion\": \"1.0.2\", \"root\": {\"path\": \"rootfs\"},"
                        + " \"process\": {\"user\": {\"uid\": 0, \"gid\": 0}, \"cwd\": \"/\","
                        + " \"env\": [\"PATH=/bin\"], \"args\": ["
                        + words
                        + "]}, \"mounts\": [{\"destination\": \"/proc\", \"type\": \"proc\","
                        + " \"source\": \"proc\"}, {\"destination\": \"/dev\", \"type\":"
                        + " \"tmpfs\", \"source\": \"tmpfs\"}], \"linux\": {\"namespaces\": "
                        + NAMES
                        + ", \"seccomp\": "
                        + profile
                        + "}}");
    }

    /**
     * The command that runs the container.
     *
     * @param runtime runc or crun
     * @param name the container's name
     */
    public List<String> command(String runtime, String name) {
        String program = LiveKernel.requireProgram(runtime).toString();
        List<String> words = Words.of("%s %s", ownCgroups(), program);
        if (runtime.equals("crun")) {
            words.addAll(List.of("--cgroup-manager", "disabled"));
        }
        words.addAll(List.of("run", "--bundle", folder.toString(), name));
        return words;
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

    /**
     * A compose file with two services that use an image of the bundle.
     *
     * @param option of the second service, after a comma; empty for none
     */
    public static String composeFile(String image, String option) {
        String fields = "{image: " + image + ", network_mode: none, command: ";
        return "services:\n  first: "
                + fields
                + "[uname]}\n  second: "
                + fields
                + "[id, -u]"
                + option
                + "}\n";
    }

    /** A profile file's text. */
    public static String text(Path profile) throws IOException {
        return new String(Files.readAllBytes(profile), StandardCharsets.UTF_8);
    }
}

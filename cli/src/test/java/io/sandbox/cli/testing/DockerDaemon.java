// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A dockerd with a folder and a socket of its own. What it mounts, and what it and containerd make
 * in /run, is in a mount namespace of its own, and is gone with it.
 */
public final class DockerDaemon implements AutoCloseable {
    private static final String SCRIPT =
            """
            mount -t tmpfs none /run
            exec "$2" --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" \\
                --host "unix://$1/socket" --cgroup-parent "/$3" --storage-driver vfs \\
                --bridge none --userland-proxy=false --iptables=false --ip6tables=false
            """;

    private final Path folder;
    private final Path program;
    private final Child.Running daemon;

    private DockerDaemon(Path folder, Path program, Child.Running daemon) {
        this.folder = folder;
        this.program = program;
        this.daemon = daemon;
    }

    /**
     * Returns once it answers; the test is skipped if it does not start.
     *
     * @param folder of its own
     */
    public static DockerDaemon start(Path folder) throws Exception {
        LiveKernel.requireRootUser();
        LiveKernel.requireProgram("runc");
        Path program = LiveKernel.requireProgram("docker");
        Path containerd = LiveKernel.requireProgram("containerd");
        Child child =
                Child.of(
                                "unshare -m sh -ec %s sh %s %s %s",
                                SCRIPT,
                                folder,
                                LiveKernel.requireProgram("dockerd"),
                                cgroup(folder))
                        .with("PATH", System.getenv("PATH") + ":" + containerd.getParent());
        DockerDaemon started = new DockerDaemon(folder, program, child.start());
        Until.holds(
                "dockerd answers",
                () -> !started.isAlive() || started.run("version").status() == 0);
        if (!started.isAlive()) {
            String said = started.daemon.err().strip();
            started.daemon.close();
            LiveKernel.require(false, "dockerd does not start: " + said);
        }
        return started;
    }

    private static String cgroup(Path folder) {
        return folder.getFileName() + "-" + ProcessHandle.current().pid();
    }

    private boolean isAlive() {
        return daemon.handle().isAlive();
    }

    /** A command of docker, for this daemon with {@link #environment}. */
    public List<String> words(String line, Object... values) {
        return Words.of("%s %s", program, Words.of(line, values));
    }

    public Map<String, String> environment() {
        return Map.of(
                "DOCKER_HOST",
                "unix://" + folder.resolve("socket"),
                "DOCKER_CONFIG",
                folder.resolve("client").toString());
    }

    public Finished run(String line) throws IOException, InterruptedException {
        return Child.of(words(line)).with(environment()).run();
    }

    /** Makes {@code docker compose} known; the test is skipped if it is not installed. */
    public void addCompose() throws IOException, InterruptedException {
        // There docker does not look for it.
        Path unpacked = Path.of("../target/tools/usr/libexec/docker/cli-plugins");
        if (Files.exists(unpacked)) {
            Path client = Files.createDirectories(folder.resolve("client"));
            Files.createSymbolicLink(client.resolve("cli-plugins"), unpacked.toAbsolutePath());
        }
        LiveKernel.require(run("compose version").status() == 0, "needs docker compose");
    }

    /** Ends all containers too. */
    @Override
    public void close() throws IOException {
        daemon.handle().destroy();
        try {
            Finished ended = daemon.await();
            daemon.close();
            ended.assertStatus(0);
            Child.of("find /sys/fs/cgroup -depth -type d -name %s -delete", cgroup(folder)).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}

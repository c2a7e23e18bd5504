// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.enforcer.launch.file.WorkFolder;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingFormatException;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.machine.ContainerRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds out which calls an installed container runtime makes under the container's filter. It
 * starts containers that hold one small program only. It has {@code sandbox listen} record them,
 * since {@code sandbox policy} has no process that serves a recorder.
 */
final class RuntimeProbe implements AutoCloseable {
    /** A runtime with several threads makes some calls by chance. */
    private static final int CONTAINERS = 3;

    /** In our folder: what the runtime knows of its containers, and the runtime's command. */
    private static final String STATES = "containers";

    private static final String COMMAND = "runtime";

    /** If we are killed, the recorder ends. */
    private static final String LONGEST = "10m";

    private static final long PATIENCE_SECONDS = 60;
    private static final int TICK_MILLIS = 20;

    /** In the state of a container (runtime.md of the OCI specification). */
    private static final Pattern STOPPED = Pattern.compile("\"status\":\\s*\"stopped\"");

    /**
     * An ordinary user with groups and capabilities, who may gain privileges: for these, a runtime
     * makes calls after it has loaded the filter.
     */
    private static final String BUNDLE =
            """
            {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
             "process": {"user": {"uid": 1000, "gid": 1000, "additionalGids": [1001]},
              "cwd": "/", "env": ["PATH=/"], "args": ["/program", "--version"],
              "noNewPrivileges": false, "capabilities": {
               "bounding": ["CAP_CHOWN", "CAP_KILL"], "effective": ["CAP_CHOWN", "CAP_KILL"],
               "permitted": ["CAP_CHOWN", "CAP_KILL"]}},
             "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
              {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
             "linux": {"seccomp": %s, "namespaces": [
              {"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}]}}
            """;

    private final ContainerRuntime runtime;
    private final Path home;
    private final WorkFolder work;
    private final Path folder;

    /** What was started first: it records. */
    private Process learning;

    /** What was started last. */
    private Process last;

    /** Nothing is started any more, and somebody removes the folder. */
    private boolean over;

    private RuntimeProbe(ContainerRuntime runtime, Path home) throws IOException {
        this.runtime = runtime;
        this.home = home;
        // It is there first: once Java is ending, no hook can be added.
        Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp));
        synchronized (this) {
            requireGoingOn();
            work = WorkFolder.make(WorkFolder.TEMPORARY, "sandbox-runtime", this::endContainers);
            folder = work.path();
            Files.writeString(folder.resolve(COMMAND), runtime.command());
        }
    }

    private void requireGoingOn() {
        if (over) {
            throw failure("interrupted");
        }
    }

    private synchronized boolean finish() {
        boolean first = !over;
        over = true;
        return first;
    }

    /** Leaves nothing after a signal, which skips all that follows in {@link #measure()}. */
    private void cleanUp() {
        if (!finish() || work == null) {
            return;
        }
        try {
            if (learning != null) {
                // From now on, the calls of the runtime are let through.
                learning.destroy();
                learning.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                last.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            endContainers(folder);
            work.close();
        } catch (InterruptedException e) {
            // What is left is in the folder, and is ended at the next start.
        }
    }

    /** Ends the containers of a folder: of ours after a signal, of another's after SIGKILL. */
    private void endContainers(Path left) {
        try (Stream<Path> containers = Files.list(left.resolve(STATES))) {
            String command = Files.readString(left.resolve(COMMAND));
            for (Path each : containers.toList()) {
                List<String> delete =
                        words(left, command, "delete", "--force", each.getFileName().toString());
                launch(left.resolve("delete"), delete).waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (IOException | InterruptedException e) {
            // There is none, or it cannot be ended.
        }
    }

    /**
     * Starts the containers and returns their recording.
     *
     * @param command the runtime's path, or a name that is looked up
     * @param home the folder of our commands
     * @throws CommandFailure with the reason, if no container can be started here
     */
    static Recording measure(String command, Path home) {
        Path file =
                new ContainerRuntime(command, false)
                        .file()
                        .orElseThrow(() -> failure(command + ": not found (is it installed?)"));
        try (RuntimeProbe probe =
                new RuntimeProbe(new ContainerRuntime(file.toString(), false), home)) {
            return probe.measure();
        } catch (RecordingFormatException e) {
            throw failure(e.getMessage());
        } catch (IOException e) {
            throw failure(FileFailure.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted");
        }
    }

    private static CommandFailure failure(String reason) {
        return CommandFailure.ownFailure("container runtime: " + reason);
    }

    private Recording measure() throws IOException, InterruptedException, RecordingFormatException {
        Path profile = folder.resolve("profile.json");
        Path recording = folder.resolve("recording.json");
        Path socket = folder.resolve("socket");
        start(
                "learn",
                List.of(
                        home.resolve("sandbox-listen").toString(),
                        socket.toString(),
                        "--quiet",
                        "--containers=" + CONTAINERS,
                        "--write-profile",
                        profile.toString(),
                        "--runtime",
                        runtime.command(),
                        "--duration",
                        LONGEST,
                        "--recording",
                        recording.toString(),
                        "--output",
                        folder.resolve("list").toString()));
        try {
            while (!Files.exists(socket)) {
                if (learning.waitFor(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw failure("it cannot be recorded: " + lastWords("learn"));
                }
            }
            makeBundle(profile);
            for (int i = 0; i < CONTAINERS; i++) {
                runContainer("sandbox-" + folder.getFileName() + "-" + i);
            }
            if (!learning.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw failure(runtime.name() + " handed over too few listeners");
            }
        } finally {
            // It ends. From then on, it lets all calls of what still runs through.
            learning.destroy();
            // It writes its recording into our folder, which is removed next.
            learning.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return RecordingReader.read(Files.readAllBytes(recording));
    }

    /**
     * An engine such as podman takes these two steps. In the first, the runtime makes more calls.
     */
    private void runContainer(String name) throws IOException, InterruptedException {
        try {
            control("create", "--bundle", folder.toString(), name);
            control("start", name);
            awaitEnd(name);
        } finally {
            start("delete", words("delete", "--force", name))
                    .waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** On a busy machine, the container is killed before its program runs if it is deleted now. */
    private void awaitEnd(String name) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        do {
            if (System.nanoTime() > end) {
                throw failure("an empty container of " + runtime.name() + " does not end");
            }
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            control("state", name);
        } while (!STOPPED.matcher(Files.readString(folder.resolve("state"))).find());
    }

    private void control(String... words) throws IOException, InterruptedException {
        Process process = start(words[0], words(words));
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw failure(runtime.name() + " " + words[0] + " takes too long (try again)");
        }
        if (process.exitValue() != 0) {
            throw failure(
                    runtime.name()
                            + " cannot start an empty container, by which its calls are measured: "
                            + lastWords(words[0]));
        }
    }

    /** Without privileges, a runtime needs the user namespace that podman makes. */
    private List<String> words(String... own) throws IOException {
        return words(folder, runtime.command(), own);
    }

    private static List<String> words(Path folder, String command, String... own)
            throws IOException {
        List<String> all = new ArrayList<>();
        if (!Files.getAttribute(folder, "unix:uid").equals(0)) {
            all.addAll(List.of("podman", "unshare"));
        }
        all.addAll(List.of(command, "--root", folder.resolve(STATES).toString()));
        if (new ContainerRuntime(command, false).asksByDefault()) {
            all.addAll(List.of("--cgroup-manager", "disabled"));
        }
        all.addAll(List.of(own));
        return all;
    }

    /**
     * @param said the name of the file for its output
     */
    private synchronized Process start(String said, List<String> words) throws IOException {
        requireGoingOn();
        last = launch(folder.resolve(said), words);
        if (learning == null) {
            learning = last;
        }
        return last;
    }

    private static Process launch(Path file, List<String> words) throws IOException {
        // runc gives its output to the container's user.
        Files.deleteIfExists(file);
        Process process =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.to(file.toFile()))
                        .start();
        process.getOutputStream().close();
        return process;
    }

    private String lastWords(String said) throws IOException {
        List<String> lines =
                Files.readString(folder.resolve(said), StandardCharsets.ISO_8859_1)
                        .lines()
                        .toList();
        return lines.isEmpty() ? "it says nothing" : lines.get(lines.size() - 1);
    }

    private void makeBundle(Path profile) throws IOException {
        Path root = folder.resolve("rootfs");
        for (String name : List.of("proc", "dev", "sys")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.copy(home.resolve("sandbox-exec").toRealPath(), root.resolve("program"));
        Files.writeString(
                folder.resolve("config.json"), BUNDLE.formatted(Files.readString(profile)));
    }

    @Override
    public void close() {
        if (finish()) {
            work.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.enforcer.launch.KernelCallListener;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.enforcer.launch.file.WorkFolder;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.Allowlist;
import io.sandbox.recorder.machine.ContainerRuntime;
import io.sandbox.recorder.run.ContainerRuns;
import io.sandbox.recorder.run.RunPlan;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.Shipped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds out which calls an installed container runtime makes under the container's filter. It
 * starts containers that hold one small program only, and records them as {@code sandbox listen}
 * does. A second thread starts them, since nobody else answers their calls.
 */
final class RuntimeProbe implements ContainerRuns.Observer {
    /** A runtime with several threads makes some calls by chance. */
    private static final int CONTAINERS = 3;

    /** In our folder: what the runtime knows of its containers, and the runtime's command. */
    private static final String STATES = "containers";

    private static final String COMMAND = "runtime";

    private static final long PATIENCE_SECONDS = 60;
    private static final int TICK_MILLIS = 20;

    /** In the state of a container (runtime.md of the OCI specification). */
    private static final Pattern STOPPED = Pattern.compile("\"status\":\\s*\"stopped\"");

    /**
     * An ordinary user with groups and capabilities, who may gain privileges: for these, a runtime
     * makes calls after it has loaded the filter.
     */
    private static final String BUNDLE = Shipped.text(RuntimeProbe.class, "probe-bundle.json");

    private final ContainerRuntime runtime;
    private final Path folder;

    private volatile Recording recording = new Recording(List.of());

    /** Nothing is started any more. */
    private volatile boolean over;

    private volatile CommandFailure failure;

    private RuntimeProbe(ContainerRuntime runtime, Path folder) {
        this.runtime = runtime;
        this.folder = folder;
    }

    /** Ends the containers of somebody who was killed. */
    private static void endContainers(Path left) {
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
     * @param program is executed in the containers, and needs no library
     * @throws CommandFailure with the reason, if no container can be started here
     */
    static Recording measure(String command, Path program) {
        String file =
                new ContainerRuntime(command, false)
                        .file()
                        .orElseThrow(() -> failure(command + ": not found (is it installed?)"))
                        .toString();
        KernelCallListener.requireKernel();
        SandboxExec sandboxExec = new SandboxExec();
        // A signal would leave the folder. Now "listen" is refused after it.
        sandboxExec.leaveSignals();
        try (WorkFolder work =
                WorkFolder.make(
                        WorkFolder.TEMPORARY, "sandbox-runtime", RuntimeProbe::endContainers)) {
            return new RuntimeProbe(ContainerRuntime.query(file), work.path())
                    .measure(sandboxExec, program);
        } catch (IOException e) {
            throw failure(FileFailure.reason(e));
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
    }

    private static CommandFailure failure(String reason) {
        return CommandFailure.ownFailure("container runtime: " + reason);
    }

    private Recording measure(SandboxExec sandboxExec, Path program)
            throws IOException, InterruptedException {
        Arch arch = SyscallDb.get().nativeArch();
        Path socket = folder.resolve("socket");
        Files.writeString(folder.resolve(COMMAND), runtime.command());
        makeBundle(runtime.askingProfile(socket, Allowlist.of(List.of()), arch), program);
        sandboxExec.listen(socket);
        Thread starter = new Thread(this::runContainers);
        starter.start();
        int signal;
        try {
            signal =
                    new ContainerRuns(sandboxExec, Waiters.KERNEL, this)
                            .recordAll(
                                    RunPlan.ofOthers(
                                            List.of(),
                                            arch,
                                            Optional.empty(),
                                            false,
                                            ArgumentDetail.CLASSES),
                                    count -> !starter.isAlive());
        } finally {
            // From now on, the calls of the runtime are let through.
            over = true;
            starter.join();
        }
        if (signal != 0) {
            throw new CommandFailure(ExitCodes.SIGNAL_BASE + signal, "interrupted");
        }
        if (failure != null) {
            throw failure;
        }
        if (recording.runs().size() < CONTAINERS) {
            throw failure(runtime.name() + " handed over too few listeners");
        }
        return recording;
    }

    /** They are all recorded when it returns, unless the runtime hands over too few listeners. */
    private void runContainers() {
        try {
            for (int i = 0; i < CONTAINERS; i++) {
                runContainer("sandbox-" + folder.getFileName() + "-" + i);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (recording.runs().size() < CONTAINERS && !over && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            }
        } catch (CommandFailure e) {
            failure = e;
        } catch (IOException e) {
            failure = failure(FileFailure.reason(e));
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
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
            launch(folder.resolve("delete"), words("delete", "--force", name))
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
        if (over) {
            throw failure("interrupted");
        }
        Process process = launch(folder.resolve(words[0]), words(words));
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

    private void makeBundle(byte[] profile, Path program) throws IOException {
        Path root = folder.resolve("rootfs");
        for (String name : List.of("proc", "dev", "sys")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.copy(program.toRealPath(), root.resolve("program"));
        String text = BUNDLE.formatted(new String(profile, StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("config.json"), text);
    }

    @Override
    public void began(String name) {
        // We have started it.
    }

    @Override
    public void refused(String reason) {
        // Then too few are recorded.
    }

    @Override
    public void ended(String name, Run run, int processes) {
        recording = recording.merge(Recording.of(run));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.Cli;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.TimeSpan;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.AtMost;
import io.sandbox.enforcer.launch.KernelCallListener;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.recorder.machine.NodeBundles;
import io.sandbox.recorder.run.NodeListener;
import io.sandbox.recorder.run.NodeRecorder;
import io.sandbox.recorder.run.WindowTarget;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code sandbox node}: records the pods of a Kubernetes node. */
public final class NodeCommand implements Callable<Integer> {
    private static final Duration PERIOD = Duration.ofMinutes(10);

    /** The cgroups of all pods, by the driver and by the settings of the kubelet. */
    private static final List<String> PODS =
            List.of(
                    "kubepods.slice",
                    "kubepods",
                    "kubelet.slice/kubelet-kubepods.slice",
                    "kubelet/kubepods");

    private final Options options = new Options("sandbox node", this);
    private final Value<Path> output = options.named("-o", "--output").required().path("DIR");
    private final Value<List<String>> namespaces = options.named("--namespace").texts("NAME");
    private final Value<String> label = options.named("--namespace-label").text("SELECTOR");
    private final Value<Duration> period =
            options.named("--period").converted(TimeSpan::convert, "TIME").or(PERIOD);
    private final Value<Path> pods = options.named("--pods").path("FOLDER");
    private final Value<List<Path>> bundles = options.named("--bundles").files();
    private final Value<Path> socket = options.named("--listen").path("SOCKET");
    private final Value<Path> profile = options.named("--write-profile").file();
    private final Value<String> runtime = ContainerTarget.runtimeOption(options);
    private final AtMost atMost = AtMost.option(options);
    private final Value<Boolean> quiet = options.named("-q", "--quiet").flag();

    public static Options options() {
        return new NodeCommand().options;
    }

    public static void main(String[] arguments) {
        Cli.runRecorder(options(), ExitCodes.OWN_FAILURE, arguments);
    }

    @Override
    public Integer call() {
        atMost.check();
        ListenCommand.checkProfile(profile, runtime);
        Options.refuseIf(
                profile.isGiven() && !socket.isGiven(), "--write-profile goes with --listen");
        Path root =
                WindowTarget.CGROUPS.stream()
                        .filter(folder -> Files.exists(folder.resolve("cgroup.controllers")))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        CommandFailure.ownFailure(
                                                "this machine has no cgroups of version 2"));
        Console console = new Console(options.name());
        NodeLists lists =
                new NodeLists(output.get(), namespaces.get(), atMost, quiet.get(), console);
        lists.readAll();
        if (label.isGiven()) {
            LabelledNamespaces labelled = new LabelledNamespaces(label.get(), lists);
            record(root, labelled);
            labelled.ask();
        } else {
            record(root, lists);
        }
        return ExitCodes.OK;
    }

    private void record(Path root, NodeRecorder.Observer lists) {
        NodeBundles all = NodeBundles.watch(bundles.isGiven() ? bundles.get() : NodeBundles.USUAL);
        if (socket.isGiven()) {
            listen(root, all, lists);
        } else {
            new NodeRecorder(new SandboxExec(), root, pods(root), all, lists).record(period.get());
        }
    }

    private void listen(Path root, NodeBundles all, NodeRecorder.Observer lists) {
        KernelCallListener.requireKernel();
        Path place = socket.get().toAbsolutePath();
        if (profile.isGiven()) {
            Arch arch = SyscallDb.get().nativeArch();
            Listening.writeProfile(profile.get(), runtime.get(), place, arch, lists::said);
        }
        new NodeListener(new SandboxExec(), all, lists).record(place, root, period.get());
    }

    private Path pods(Path root) {
        Stream<Path> folders =
                pods.isGiven() ? Stream.of(pods.get()) : PODS.stream().map(root::resolve);
        return folders.filter(Files::isDirectory).findFirst().orElseThrow(() -> noPods(root));
    }

    private static CommandFailure noPods(Path root) {
        return CommandFailure.ownFailure(
                "no cgroup of pods below %s (is this a node of Kubernetes?".formatted(root)
                        + " another place is named by --pods)");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.learned.ContainerRuntimes;
import io.sandbox.policy.Action;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.ListenerProfile;
import io.sandbox.syscalldb.Arch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a container runtime that is installed can do with a profile that hands over a listener.
 *
 * @param command its path, or a name that is looked up
 * @param waitsKillable whether it knows the flag {@link #WAIT_KILLABLE}
 */
public record ContainerRuntime(String command, boolean waitsKillable) {
    /** By which no signal interrupts a call that has been asked about (seccomp(2)). */
    public static final String WAIT_KILLABLE = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV";

    private static final String PATH = ":/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin";

    /** Asks the runtime itself; what it does not say it cannot. */
    public static ContainerRuntime query(String command) {
        ContainerRuntime runtime = new ContainerRuntime(command, false);
        boolean knows =
                runtime.asksByDefault()
                        ? runtime.namesFlag()
                        : RunningContainer.ask(false, command, "features")
                                .filter(ContainerRuntime::parseFeatures)
                                .isPresent();
        return new ContainerRuntime(command, knows);
    }

    /** {@code crun features} says nothing about flags, so whether crun has the name decides. */
    private boolean namesFlag() {
        try {
            Optional<Path> file = file();
            return file.isPresent()
                    && Files.readString(file.get(), StandardCharsets.ISO_8859_1)
                            .contains(WAIT_KILLABLE);
        } catch (IOException e) {
            return false;
        }
    }

    /** Its executable, if it is found. */
    public Optional<Path> file() {
        if (command.contains("/")) {
            return Optional.of(Path.of(command)).filter(Files::isExecutable);
        }
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "") + PATH;
        return Arrays.stream(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, command))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** {@code features} as the OCI specification has them (features.md). */
    static boolean parseFeatures(String features) {
        try {
            return JsonObject.parse(features).get("linux") instanceof Map<?, ?> linux
                    && linux.get("seccomp") instanceof Map<?, ?> seccomp
                    && seccomp.get("supportedFlags") instanceof Collection<?> names
                    && names.contains(WAIT_KILLABLE);
        } catch (IOException e) {
            return false;
        }
    }

    public String name() {
        return ContainerRuntimes.nameOf(command);
    }

    /** Calls that nobody can be asked about; see {@link ContainerRuntimes#unseenOf}. */
    public List<String> unseen() {
        return ContainerRuntimes.unseenOf(command);
    }

    public boolean asksByDefault() {
        return ContainerRuntimes.asksByDefault(command);
    }

    /**
     * A profile with which the runtime hands its containers over.
     *
     * @param allowed the calls that are made without being recorded
     */
    public byte[] askingProfile(Path socket, Allowlist allowed, Arch arch) {
        PolicyDocument document = PolicyDocument.of(allowed.toPolicy(Action.KILL));
        return profile(socket)
                .write(document, HostCircumstances.query(arch.name()))
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A profile that allows all calls, with which the runtime tells of its containers.
     *
     * @param mark by which the kernel knows its filter
     */
    public byte[] tellingProfile(Path socket, long mark, Arch arch) {
        return profile(socket)
                .writeTelling(mark, HostCircumstances.query(arch.name()))
                .getBytes(StandardCharsets.UTF_8);
    }

    private ListenerProfile profile(Path socket) {
        return new ListenerProfile(
                socket.toAbsolutePath().toString(),
                asksByDefault(),
                unseen(),
                waitsKillable ? List.of(WAIT_KILLABLE) : List.of());
    }
}

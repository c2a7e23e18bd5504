// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Set;

/** The options for the machine on which a policy is enforced. */
public final class PolicyPlace {
    private final Value<String> archName;
    private final Value<List<String>> capabilities;
    private final Value<String> kernel;

    public PolicyPlace(Options options) {
        archName = options.named("--arch").text("ARCH");
        capabilities = options.named("--cap").rare().list("CAP");
        kernel = options.named("--kernel").rare().text("VERSION");
    }

    public boolean hasArch() {
        return archName.isGiven();
    }

    /** Throws {@link CommandFailure} for an unknown name. */
    public Arch arch() {
        return arch(archName.get());
    }

    /**
     * @param name the architecture's name; null for this machine's
     * @throws CommandFailure for an unknown name
     */
    public static Arch arch(String name) {
        SyscallDb db = SyscallDb.get();
        return name == null
                ? db.nativeArch()
                : db.archByName(name)
                        .orElseThrow(
                                () -> CommandFailure.ownFailure(name + ": unknown architecture"));
    }

    public Circumstances circumstances() {
        return circumstances(arch());
    }

    /** The circumstances on a machine of this architecture, without regard to --arch. */
    public Circumstances circumstances(Arch arch) {
        KernelVersion version =
                kernel.isGiven()
                        ? KernelVersion.parse(kernel.get())
                                .orElseThrow(
                                        () ->
                                                CommandFailure.ownFailure(
                                                        kernel.get() + ": not a kernel version"))
                        : HostCircumstances.queryKernel();
        return new Circumstances(arch.name(), Set.copyOf(capabilities.get()), version);
    }
}

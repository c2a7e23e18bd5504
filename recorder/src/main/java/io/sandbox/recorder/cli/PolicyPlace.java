package io.sandbox.recorder.cli;

import io.sandbox.enforcer.format.Circumstances;
import io.sandbox.recorder.ExitCodes;
import io.sandbox.recorder.HostCircumstances;
import io.sandbox.recorder.LearnException;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.SyscallDb;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** Options that say where a policy is to be enforced. */
final class PolicyPlace {
    @Option(
            names = "--arch",
            paramLabel = "ARCH",
            description = "The architecture, such as aarch64; without this, this machine's.")
    private String archName;

    @Option(
            names = "--cap",
            paramLabel = "CAP",
            split = ",",
            description =
                    "A capability that the program may have, for profiles that ask for it; without"
                            + " this, none.")
    private Set<String> capabilities = new LinkedHashSet<>();

    @Option(
            names = "--kernel",
            paramLabel = "VERSION",
            description = "The kernel, for profiles that ask for it; without this, this one.")
    private String kernel;

    boolean hasArch() {
        return archName != null;
    }

    /**
     * @throws LearnException for an unknown name
     */
    Arch arch() {
        return arch(archName);
    }

    /**
     * @param name null for this machine's
     * @throws LearnException for an unknown name
     */
    static Arch arch(String name) {
        SyscallDb db = SyscallDb.get();
        return name == null
                ? db.nativeArch()
                : db.archByName(name).orElseThrow(() -> failure(name + ": unknown architecture"));
    }

    Circumstances circumstances() {
        return circumstances(arch());
    }

    /** On a machine of this architecture, whatever the option says. */
    Circumstances circumstances(Arch arch) {
        KernelVersion version =
                kernel == null
                        ? HostCircumstances.queryKernel()
                        : KernelVersion.parse(kernel)
                                .orElseThrow(() -> failure(kernel + ": not a kernel version"));
        return new Circumstances(arch.name(), capabilities, version);
    }

    private static LearnException failure(String message) {
        return new LearnException(ExitCodes.LOOKUP_ERROR, message);
    }
}

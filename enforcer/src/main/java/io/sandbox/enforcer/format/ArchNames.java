// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** From what others call an architecture to our name for it, and back. */
final class ArchNames {
    private static final String LIBSECCOMP_PREFIX = "SCMP_ARCH_";

    private ArchNames() {}

    /** From {@code SCMP_ARCH_X86_64}; as crun, also without the prefix. Empty if unknown. */
    static Optional<String> ofLibseccomp(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String full = upper.startsWith(LIBSECCOMP_PREFIX) ? upper : LIBSECCOMP_PREFIX + upper;
        return find(arch -> arch.libseccompName().filter(full::equals).isPresent());
    }

    static String toLibseccomp(String ours) {
        return ours(ours)
                .flatMap(Arch::libseccompName)
                .orElse(LIBSECCOMP_PREFIX + ours.toUpperCase(Locale.ROOT));
    }

    /** From the words of container profiles' includes and excludes. */
    static String ofContainer(String name) {
        return find(arch -> arch.ociName().equals(name)).orElse(name);
    }

    static String toContainer(String ours) {
        return ours(ours).map(Arch::ociName).orElse(ours);
    }

    /** From the words of {@code SystemCallArchitectures=}; empty if unknown. */
    static Optional<String> ofSystemd(String name) {
        return find(arch -> arch.systemdName().filter(name::equals).isPresent());
    }

    static String toSystemd(String ours) {
        return ours(ours).flatMap(Arch::systemdName).orElse(ours);
    }

    /** Not by one of its other names, which stay what they are. */
    private static Optional<Arch> ours(String name) {
        return SyscallDb.get().archByName(name).filter(arch -> arch.name().equals(name));
    }

    private static Optional<String> find(Predicate<Arch> wanted) {
        return SyscallDb.get().arches().stream().filter(wanted).map(Arch::name).findFirst();
    }
}

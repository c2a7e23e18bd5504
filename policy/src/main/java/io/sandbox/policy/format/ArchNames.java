// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Translates other tools' names of architectures to ours, and back. */
final class ArchNames {
    private static final String LIBSECCOMP_PREFIX = "SCMP_ARCH_";

    /** Such as {@code SCMP_ARCH_X86_64}; like crun, also without prefix. Empty if unknown. */
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

    /** Translates a word from includes or excludes of a container profile. */
    static String ofContainer(String name) {
        return find(arch -> arch.ociName().equals(name)).orElse(name);
    }

    static String toContainer(String ours) {
        return ours(ours).map(Arch::ociName).orElse(ours);
    }

    /** Translates a word of {@code SystemCallArchitectures=}; empty if unknown. */
    static Optional<String> ofSystemd(String name) {
        return find(arch -> arch.systemdName().filter(name::equals).isPresent());
    }

    static String toSystemd(String ours) {
        return ours(ours).flatMap(Arch::systemdName).orElse(ours);
    }

    /** Finds an architecture by our own name only, so that other names stay unchanged. */
    private static Optional<Arch> ours(String name) {
        return SyscallDb.get().archByName(name).filter(arch -> arch.name().equals(name));
    }

    private static Optional<String> find(Predicate<Arch> wanted) {
        return SyscallDb.get().arches().stream().filter(wanted).map(Arch::name).findFirst();
    }
}

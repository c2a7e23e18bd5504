// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import io.sandbox.syscalldb.KernelVersion;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The circumstances under which a rule counts, in the terms of container profiles. Immutable.
 *
 * @param arches the machine's architecture must be one of these; empty for any
 * @param notArches the machine's architecture must not be one of these
 * @param capabilities the process must be able to have all of these, by names like {@code
 *     CAP_SYS_ADMIN}
 * @param notCapabilities the process must not be able to have any of these
 * @param minKernel the kernel must have at least this version
 * @param belowKernel the kernel must be older than this version
 */
public record Scope(
        Set<String> arches,
        Set<String> notArches,
        Set<String> capabilities,
        Set<String> notCapabilities,
        Optional<KernelVersion> minKernel,
        Optional<KernelVersion> belowKernel) {
    public static final Scope ANYWHERE =
            new Scope(Set.of(), Set.of(), Set.of(), Set.of(), Optional.empty(), Optional.empty());

    public Scope {
        arches = sorted(arches);
        notArches = sorted(notArches);
        capabilities = sorted(capabilities);
        notCapabilities = sorted(notCapabilities);
    }

    public static Scope onArches(Set<String> arches) {
        return new Scope(arches, Set.of(), Set.of(), Set.of(), Optional.empty(), Optional.empty());
    }

    private static Set<String> sorted(Set<String> names) {
        return Collections.unmodifiableSet(new TreeSet<>(names));
    }

    public boolean isAnywhere() {
        return equals(ANYWHERE);
    }

    /** Whether both never count together. False in cases that are hard to decide. */
    public boolean excludes(Scope other) {
        return excludesOneWay(other) || other.excludesOneWay(this);
    }

    private boolean excludesOneWay(Scope other) {
        boolean kernels =
                minKernel.isPresent()
                        && other.belowKernel.isPresent()
                        && minKernel.get().compareTo(other.belowKernel.get()) >= 0;
        return kernels
                || !Collections.disjoint(capabilities, other.notCapabilities)
                || !arches.isEmpty()
                        && (other.notArches.containsAll(arches)
                                || !other.arches.isEmpty()
                                        && Collections.disjoint(arches, other.arches));
    }

    boolean includes(Circumstances here) {
        return (arches.isEmpty() || arches.contains(here.arch()))
                && !notArches.contains(here.arch())
                && here.capabilities().containsAll(capabilities)
                && notCapabilities.stream().noneMatch(here.capabilities()::contains)
                && minKernel.stream().allMatch(least -> here.kernel().compareTo(least) >= 0)
                && belowKernel.stream().noneMatch(limit -> here.kernel().compareTo(limit) >= 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names for values of arguments. */
public final class ConstantNames {
    /** The architectures on which each of the names has the value that we know. */
    private static final Set<String> ARCHES =
            Set.of("x86_64", "i386", "x32", "aarch64", "arm", "riscv64", "riscv32");

    private ConstantNames() {}

    /**
     * As in {@code SOCK_STREAM|SOCK_CLOEXEC}.
     *
     * @param arch by name
     * @param prefixes what the names may begin with
     * @param choiceMask the bits that hold one value of several; each of the others is a flag
     * @return empty unless there is a name for each part of the value
     */
    public static Optional<String> of(
            String arch, List<String> prefixes, long choiceMask, long value) {
        if (!ARCHES.contains(arch)) {
            return Optional.empty();
        }
        List<Long> parts = new ArrayList<>();
        long flags = value & ~choiceMask;
        if ((value & choiceMask) != 0 || flags == 0) {
            parts.add(value & choiceMask);
        }
        for (; flags != 0; flags &= flags - 1) {
            parts.add(Long.lowestOneBit(flags));
        }
        List<String> names = new ArrayList<>();
        for (long part : parts) {
            Optional<String> name = nameOf(prefixes, part);
            if (name.isEmpty()) {
                return Optional.empty();
            }
            names.add(name.get());
        }
        return Optional.of(String.join("|", names));
    }

    private static Optional<String> nameOf(List<String> prefixes, long value) {
        for (Map.Entry<String, Long> constant : Constants.all().entrySet()) {
            if (constant.getValue() == value
                    && prefixes.stream().anyMatch(constant.getKey()::startsWith)) {
                return Optional.of(constant.getKey());
            }
        }
        return Optional.empty();
    }
}

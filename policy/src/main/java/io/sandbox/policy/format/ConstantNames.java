// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.text.Shipped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Names for arguments' values, from the kernel's headers: those shown, and all allowed. */
public final class ConstantNames {
    /** The architectures on which all the names that are shown have one value. */
    private static final Set<String> ARCHES =
            Set.of("x86_64", "i386", "x32", "aarch64", "arm", "riscv64", "riscv32");

    /** Names that only aarch64 has (arch/arm64/include/uapi/asm/mman.h). */
    private static final Map<String, Long> AARCH64 = Map.of("PROT_BTI", 0x10L, "PROT_MTE", 0x20L);

    private static final Map<String, Long> SHOWN = readShown();

    private ConstantNames() {}

    private static Map<String, Long> readShown() {
        Map<String, Long> values = new LinkedHashMap<>();
        rows("shown-constants.csv").forEach(row -> values.put(row[0], number(row[1])));
        return values;
    }

    private static List<String[]> rows(String file) {
        return Shipped.lines(ConstantNames.class, file).map(line -> line.split(",")).toList();
    }

    private static long number(String text) {
        return text.startsWith("0x")
                ? Long.parseUnsignedLong(text.substring(2), 16)
                : Long.parseLong(text);
    }

    /** All that are shown, in the order of their file. */
    static Map<String, Long> shown() {
        return Collections.unmodifiableMap(SHOWN);
    }

    /** Also of names that are not shown, or do not have the same value everywhere. */
    static OptionalLong lookUp(String arch, String name) {
        Long value = SHOWN.get(name);
        return value != null
                ? OptionalLong.of(value)
                : rows("constants.csv").stream()
                        .filter(row -> row[0].equals(name) && isFor(row[2], arch))
                        .mapToLong(row -> number(row[1]))
                        .findFirst();
    }

    private static boolean isFor(String arches, String arch) {
        return arches.equals("all") || List.of(arches.split("\\|")).contains(arch);
    }

    /**
     * The names for a value, such as {@code SOCK_STREAM|SOCK_CLOEXEC}.
     *
     * @param arch the architecture's name
     * @param prefixes the possible beginnings of the names
     * @param choiceMask the bits that together hold one value; each other bit is a flag
     * @return empty unless each part of the value has a name
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
            Optional<String> name = nameOf(arch, prefixes, part);
            if (name.isEmpty()) {
                return Optional.empty();
            }
            names.add(name.get());
        }
        return Optional.of(String.join("|", names));
    }

    /**
     * The value of a name.
     *
     * @param arch the architecture's name
     * @return empty for an unknown name, or if its value there is not known
     */
    public static OptionalLong valueOf(String arch, String name) {
        if (arch.equals("aarch64") && AARCH64.containsKey(name)) {
            return OptionalLong.of(AARCH64.get(name));
        }
        return ARCHES.contains(arch) ? lookUp(arch, name) : OptionalLong.empty();
    }

    private static Optional<String> nameOf(String arch, List<String> prefixes, long value) {
        Optional<String> name = nameIn(SHOWN, prefixes, value);
        return name.isEmpty() && arch.equals("aarch64") ? nameIn(AARCH64, prefixes, value) : name;
    }

    private static Optional<String> nameIn(
            Map<String, Long> constants, List<String> prefixes, long value) {
        return constants.entrySet().stream()
                .filter(constant -> constant.getValue() == value)
                .map(Map.Entry::getKey)
                .filter(name -> prefixes.stream().anyMatch(name::startsWith))
                .findFirst();
    }
}

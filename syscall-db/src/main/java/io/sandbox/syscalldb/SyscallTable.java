// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The system calls of one architecture. Immutable and safe for use by several threads. */
public final class SyscallTable {
    /**
     * __X32_SYSCALL_BIT of the kernel's arch/x86/include/uapi/asm/unistd.h. Only this bit tells
     * calls of x32 from those of x86_64.
     */
    public static final int X32_BIT = 0x4000_0000;

    /** The numbers of one arch are closer together than this, except for ARM's private ones. */
    private static final int NEAR = 1024;

    private static final List<String> COLUMNS = List.of("number", "name", "audit_name", "seccomp");

    private final Arch arch;
    private final List<Syscall> calls;

    /**
     * The calls whose numbers are near the first one's, at the index of their distance from it. All
     * others, which only ARM has, are in {@link #far}.
     */
    private final List<Optional<Syscall>> near;

    private final int first;
    private final Map<Integer, Optional<Syscall>> far = new HashMap<>();
    private final Map<String, Syscall> byName;

    /** The table of x32, whose calls have the AUDIT_ARCH value of x86_64. */
    private final Supplier<SyscallTable> x32;

    private SyscallTable(Arch arch, List<Syscall> calls, Supplier<SyscallTable> x32) {
        this.arch = arch;
        this.calls = List.copyOf(calls);
        this.x32 = x32;
        first = calls.get(0).number();
        near = new ArrayList<>(NEAR);
        byName = new HashMap<>(calls.size() * 2);
        for (Syscall call : calls) {
            addNumber(call);
            byName.put(call.name(), call);
            for (String alias : call.aliases()) {
                byName.put(alias, call);
            }
        }
    }

    /** Must be called by ascending number. */
    private void addNumber(Syscall call) {
        int distance = call.number() - first;
        if (distance >= NEAR) {
            far.put(call.number(), Optional.of(call));
            return;
        }
        while (near.size() < distance) {
            near.add(Optional.empty());
        }
        near.add(Optional.of(call));
    }

    /** {@code x32} is used only when a number with bit 30 is looked up. */
    static SyscallTable parse(Arch arch, CsvTable table, Supplier<SyscallTable> x32) {
        table.requireColumns(COLUMNS);
        UniqueNames names = new UniqueNames();
        List<Syscall> calls = new ArrayList<>();
        int last = -1;
        for (CsvTable.Row row : table.rows()) {
            Syscall call = parseRow(arch, row);
            if (call.number() <= last) {
                throw misplaced(call.number(), row, calls, table);
            }
            last = call.number();
            names.add(call.name(), row);
            for (String alias : call.aliases()) {
                names.add(alias, row);
            }
            calls.add(call);
        }
        return new SyscallTable(arch, calls, x32);
    }

    private static MalformedTableException misplaced(
            int number, CsvTable.Row row, List<Syscall> earlier, CsvTable table) {
        for (int i = 0; i < earlier.size(); i++) {
            if (earlier.get(i).number() == number) {
                return row.malformed(
                        "number " + number + " is already on line " + table.rows().get(i).line());
            }
        }
        return row.malformed(
                "number " + number + " comes after " + earlier.get(earlier.size() - 1).number());
    }

    private static Syscall parseRow(Arch arch, CsvTable.Row row) {
        int number = row.decimal(0);
        String name = row.text(1);
        String auditName = row.text(2);
        List<String> aliases =
                auditName.equals("same") || auditName.equals("absent")
                        ? List.of()
                        : List.of(auditName);
        int seccomp = row.choice(3, "yes", "multiplexed", "no");
        if (((number & X32_BIT) != 0) != arch.name().equals("x32")) {
            throw row.malformed("bit 30 is set in the numbers of x32, and in no others: " + number);
        }
        return new Syscall(arch, number, name, aliases, seccomp == 0, seccomp == 1);
    }

    public Arch arch() {
        return arch;
    }

    /**
     * The call with this number; empty if our sources know none. In the table of x86_64, a number
     * with bit 30 set gives a call whose {@link Syscall#arch()} is x32: the kernel reports both
     * with the same AUDIT_ARCH value.
     */
    public Optional<Syscall> byNumber(int number) {
        int distance = number - first;
        if (distance >= 0 && distance < near.size()) {
            return near.get(distance);
        }
        if ((number & X32_BIT) != 0 && arch.name().equals("x86_64")) {
            return x32.get().byNumber(number);
        }
        return far.isEmpty() ? Optional.empty() : far.getOrDefault(number, Optional.empty());
    }

    /** By name or alias, so spelled; empty if this arch has none. x86_64's has none of x32. */
    public Optional<Syscall> byName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** By canonical name; empty if it is an alias here, like getdents on aarch64. */
    public Optional<Syscall> byCanonicalName(String name) {
        Syscall call = byName.get(name);
        return call == null || !call.name().equals(name) ? Optional.empty() : Optional.of(call);
    }

    /** All calls of this arch, by ascending number. */
    public Collection<Syscall> all() {
        return calls;
    }
}

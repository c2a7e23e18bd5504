// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One architecture, which here means one numbering of system calls. Immutable. The only instances
 * are those of {@link SyscallDb#arches()}, so equality is identity.
 */
public final class Arch {
    private static final String ABSENT = "absent";

    private static final List<String> COLUMNS =
            List.of(
                    "name",
                    "audit_arch",
                    "elf_machine",
                    "elf_class",
                    "endian",
                    "seccomp_arch",
                    "seccomp_token",
                    "other_names",
                    "oci",
                    "systemd",
                    "secondary",
                    "b32",
                    "table");

    private final String name;
    private final int auditArch;
    private final int elfMachine;
    private final int elfClass;
    private final boolean littleEndian;
    private final String seccompArch;
    private final Integer seccompToken;
    private final List<String> aliases;
    private final String ociName;
    private final String systemdName;
    private final List<String> secondary;
    private final String b32;
    private final String table;

    private Arch(CsvTable.Row row) {
        name = row.text(0);
        auditArch = row.hex(1);
        elfMachine = row.decimal(2);
        elfClass = row.choice(3, "32", "64") == 0 ? 32 : 64;
        littleEndian = row.choice(4, "little", "big") == 0;
        seccompArch = present(row.text(5));
        if ((seccompArch == null) != row.text(6).equals(ABSENT)) {
            throw row.malformed(
                    "seccomp_arch and seccomp_token must both be present or both be absent");
        }
        seccompToken = seccompArch == null ? null : row.hex(6);
        aliases = list(row.text(7));
        ociName = same(row.text(8));
        systemdName = present(same(row.text(9)));
        secondary = list(row.text(10));
        b32 = present(row.text(11));
        table = row.text(12);
    }

    private static String present(String word) {
        return word.equals(ABSENT) ? null : word;
    }

    private static List<String> list(String words) {
        return words.equals(ABSENT) ? List.of() : List.of(words.split("\\|", -1));
    }

    private String same(String word) {
        return word.equals("same") ? name : word;
    }

    static List<Arch> parseAll(CsvTable table) {
        table.requireColumns(COLUMNS);
        UniqueNames names = new UniqueNames();
        List<Arch> arches = new ArrayList<>();
        for (CsvTable.Row row : table.rows()) {
            Arch arch = new Arch(row);
            names.add(arch.name, row);
            for (String alias : arch.aliases) {
                names.add(alias, row);
            }
            arches.add(arch);
        }
        return List.copyOf(arches);
    }

    /** The name in {@code ausyscall}, or {@code x32}. */
    public String name() {
        return name;
    }

    /**
     * The AUDIT_ARCH value of linux/audit.h, as in {@code arch=c000003e}. x32 has the value of
     * x86_64.
     */
    public int auditArch() {
        return auditArch;
    }

    /** The EM value of linux/elf-em.h. */
    int elfMachine() {
        return elfMachine;
    }

    /** The ELF class in bits, 32 or 64. x32 executables are 32. */
    public int elfClass() {
        return elfClass;
    }

    /** Whether arguments have 32 bits. On x32 they have 64, although its pointers have 32. */
    public boolean has32BitArguments() {
        return elfClass == 32 && !name.equals("x32");
    }

    public boolean littleEndian() {
        return littleEndian;
    }

    /** The SCMP_ARCH value of seccomp.h; empty if libseccomp does not support this arch. */
    public OptionalInt seccompToken() {
        return seccompToken == null ? OptionalInt.empty() : OptionalInt.of(seccompToken);
    }

    /**
     * Other names that {@link SyscallDb#archByName} accepts, such as {@code amd64}; may be empty.
     */
    public List<String> aliases() {
        return aliases;
    }

    /**
     * libseccomp's name, such as {@code SCMP_ARCH_X86_64}; empty if libseccomp does not support
     * this arch.
     */
    public Optional<String> libseccompName() {
        return Optional.ofNullable(seccompArch);
    }

    /** The name in conditions of profiles for container runtimes, such as {@code amd64}. */
    public String ociName() {
        return ociName;
    }

    /**
     * The name in {@code SystemCallArchitectures=}, such as {@code x86-64}; empty if systemd has
     * none.
     */
    public Optional<String> systemdName() {
        return Optional.ofNullable(systemdName);
    }

    /**
     * The names of other arches whose calls a kernel of this arch may also take, and which systemd
     * filters together with it; may be empty.
     */
    public List<String> secondary() {
        return secondary;
    }

    /** The name of the arch that ausyscall calls {@code b32} on this one; often empty. */
    public Optional<String> b32() {
        return Optional.ofNullable(b32);
    }

    /**
     * The name of the file with its calls, without .csv. Both byte orders of an arch share a file.
     */
    String table() {
        return table;
    }

    /** {@link #name()}. */
    @Override
    public String toString() {
        return name;
    }
}

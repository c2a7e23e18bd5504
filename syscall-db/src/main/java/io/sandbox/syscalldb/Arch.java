// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One architecture, here a numbering of system calls. The only instances are those of {@link
 * SyscallDb#arches()}: equality is identity.
 *
 * @param name in {@code ausyscall}, or {@code x32}
 * @param auditArch the AUDIT_ARCH value of linux/audit.h, as in {@code arch=c000003e}. x32 has the
 *     value of x86_64.
 * @param elfMachine the EM value of linux/elf-em.h
 * @param elfClass the ELF class in bits, 32 or 64. x32 executables are 32.
 * @param libseccompName such as {@code SCMP_ARCH_X86_64}; empty if libseccomp does not support this
 *     arch
 * @param seccompToken the SCMP_ARCH value of seccomp.h; empty if libseccomp does not support this
 *     arch
 * @param aliases other names that {@link SyscallDb#archByName} accepts, such as {@code amd64}; may
 *     be empty
 * @param ociName in conditions of profiles for container runtimes, such as {@code amd64}
 * @param systemdName in {@code SystemCallArchitectures=}, such as {@code x86-64}; empty if systemd
 *     has none
 * @param secondary the names of other arches whose calls a kernel of this arch may also take, and
 *     which systemd filters together with it; may be empty
 * @param b32 the name of the arch that ausyscall calls {@code b32} on this one; often empty
 * @param table the name of the file with its calls, without .csv. Both byte orders of an arch share
 *     a file.
 */
public record Arch(
        String name,
        int auditArch,
        int elfMachine,
        int elfClass,
        boolean littleEndian,
        Optional<String> libseccompName,
        OptionalInt seccompToken,
        List<String> aliases,
        String ociName,
        Optional<String> systemdName,
        List<String> secondary,
        Optional<String> b32,
        String table) {
    private static final String ABSENT = "absent";

    // A pattern such as \s would cost a start 5 ms.
    private static final List<String> COLUMNS =
            List.of(
                    ("name audit_arch elf_machine elf_class endian seccomp_arch seccomp_token"
                                    + " other_names oci systemd secondary b32 table")
                            .split(" "));

    private static Arch parse(CsvTable.Row row) {
        String name = row.text(0);
        Optional<String> seccompArch = present(row.text(5));
        if (seccompArch.isEmpty() != row.text(6).equals(ABSENT)) {
            throw row.malformed(
                    "seccomp_arch and seccomp_token must both be present or both be absent");
        }
        return new Arch(
                name,
                row.hex(1),
                row.decimal(2),
                row.choice(3, "32", "64") == 0 ? 32 : 64,
                row.choice(4, "little", "big") == 0,
                seccompArch,
                seccompArch.isEmpty() ? OptionalInt.empty() : OptionalInt.of(row.hex(6)),
                list(row.text(7)),
                row.text(8).equals("same") ? name : row.text(8),
                row.text(9).equals("same") ? Optional.of(name) : present(row.text(9)),
                list(row.text(10)),
                present(row.text(11)),
                row.text(12));
    }

    private static Optional<String> present(String word) {
        return word.equals(ABSENT) ? Optional.empty() : Optional.of(word);
    }

    private static List<String> list(String words) {
        return words.equals(ABSENT) ? List.of() : List.of(words.split("\\|", -1));
    }

    static List<Arch> parseAll(CsvTable table) {
        table.requireColumns(COLUMNS);
        UniqueNames names = new UniqueNames();
        List<Arch> arches = new ArrayList<>();
        for (CsvTable.Row row : table.rows()) {
            Arch arch = parse(row);
            names.add(arch.name, row);
            for (String alias : arch.aliases) {
                names.add(alias, row);
            }
            arches.add(arch);
        }
        return List.copyOf(arches);
    }

    /** Whether arguments have 32 bits. On x32 they have 64, although its pointers have 32. */
    public boolean has32BitArguments() {
        return elfClass == 32 && !name.equals("x32");
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}

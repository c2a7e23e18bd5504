// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The architectures, their tables of system calls, and further facts about calls. Tables and facts
 * are read at their first use, so that start-up only reads one arch. Safe for use by several
 * threads. Methods that read a table throw {@link MalformedTableException} if it is missing or
 * breaks its rules.
 */
public final class SyscallDb {
    /** Opens a table's file; null if missing, like {@link Class#getResourceAsStream}. */
    interface TableFiles {
        InputStream open(String file);
    }

    private final TableFiles files;
    private final List<Arch> arches;
    private final Map<String, Arch> byName = new HashMap<>();
    private final Map<Arch, SyscallTable> tables = new ConcurrentHashMap<>();
    private Facts facts; // null until the first use
    private Arch nativeArch; // null until the first use
    private final Map<String, Object> parsed = new ConcurrentHashMap<>(); // by file

    SyscallDb(TableFiles files) {
        this.files = files;
        arches = Arch.parseAll(read("arches.csv"));
        for (Arch arch : arches) {
            byName.put(arch.name(), arch);
            for (String alias : arch.aliases()) {
                byName.put(alias, arch);
            }
        }
    }

    private static final class Shipped implements TableFiles {
        private static final SyscallDb DB = new SyscallDb(new Shipped());

        @Override
        public InputStream open(String file) {
            return SyscallDb.class.getResourceAsStream(file);
        }
    }

    /** The tables that are part of this module. */
    public static SyscallDb get() {
        return Shipped.DB;
    }

    /** All architectures that have a table, x86_64 first. */
    public List<Arch> arches() {
        return arches;
    }

    /** By {@code ausyscall}'s name, {@code x32}, or {@link Arch#aliases()}, so spelled. */
    public Optional<Arch> archByName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** By a name that is known to be one. */
    public Arch arch(String name) {
        return archByName(name).orElseThrow();
    }

    /** By AUDIT_ARCH. Never x32: x86_64, of the same value, passes bit 30 on to x32's table. */
    public Optional<Arch> archByAuditValue(int auditArch) {
        for (Arch arch : arches) {
            if (arch.auditArch() == auditArch && !arch.name().equals("x32")) {
                return Optional.of(arch);
            }
        }
        return Optional.empty();
    }

    /**
     * The architecture of an ELF header: EM value, 32 or 64 bits, byte order. Also empty for 32-bit
     * MIPS, whose ABIs o32 and n32 do not differ in these.
     */
    Optional<Arch> archByElf(int machine, int elfClass, boolean littleEndian) {
        Arch found = null;
        for (Arch arch : arches) {
            if (arch.elfMachine() == machine
                    && arch.elfClass() == elfClass
                    && arch.littleEndian() == littleEndian) {
                if (found != null) {
                    return Optional.empty();
                }
                found = arch;
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * The arch of this process, from the ELF header of /proc/self/exe: a 32-bit JVM on a 64-bit
     * kernel makes 32-bit calls, and the text of {@code os.arch} differs between JVMs.
     *
     * @throws UncheckedIOException if the file cannot be read
     * @throws UnsupportedOperationException if there is no table for this arch
     */
    public synchronized Arch nativeArch() {
        if (nativeArch == null) {
            nativeArch = queryArchOf("/proc/self/exe");
        }
        return nativeArch;
    }

    Arch queryArchOf(String executable) {
        Optional<ElfHeader> header;
        try (InputStream bytes = new FileInputStream(executable)) {
            header = ElfHeader.parse(bytes.readNBytes(ElfHeader.SIZE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (header.isEmpty()) {
            throw new UnsupportedOperationException(executable + ": not an ELF file");
        }
        ElfHeader elf = header.get();
        Optional<Arch> arch = archByElf(elf.machine(), elf.elfClass(), elf.littleEndian());
        if (arch.isEmpty()) {
            throw new UnsupportedOperationException(
                    executable + ": no system call table for " + elf);
        }
        return arch.get();
    }

    /** The table of an arch of {@link #arches()}; always the same object for the same arch. */
    public SyscallTable table(Arch arch) {
        SyscallTable table = tables.get(arch);
        return table == null ? loadTable(arch) : table;
    }

    /** By canonical name; empty if no table has it. The first use reads all facts. */
    public Optional<SyscallFacts> facts(String name) {
        return Optional.ofNullable(loadFacts().byName.get(name));
    }

    /** The facts of every call of every table, by ascending name. */
    public Collection<SyscallFacts> allFacts() {
        return Collections.unmodifiableCollection(loadFacts().byName.values());
    }

    /** The first release with a call on any arch, by canonical name; at least 1.0. */
    public Map<String, KernelVersion> firstKernels() {
        return once("facts/first-kernel.csv", FactFiles::firstKernels);
    }

    /** The risk of each call, by its canonical name. Reads its file, and no others. */
    public Map<String, Risk> risks() {
        return once("facts/risk.csv", FactFiles::risks);
    }

    /**
     * The names of the arches where a filter sees the arguments of a call at other positions, by
     * its canonical name, if there are any. Reads its file, and no others.
     */
    private Map<String, List<String>> argumentsDifferOn() {
        return once("facts/argument-places.csv", FactFiles::argumentsDifferOn);
    }

    /**
     * Whether a filter sees an argument of a call, by its canonical name, at the same position as
     * on most arches.
     */
    public boolean isInPlace(String call, int argument, Arch arch) {
        // The order of its later arguments differs on many, that of its flags on s390 only.
        boolean flagsOfClone =
                call.equals("clone") && argument == 0 && !arch.name().startsWith("s390");
        return flagsOfClone
                || !argumentsDifferOn().getOrDefault(call, List.of()).contains(arch.name());
    }

    /** What a program does that makes a call, by canonical name, where it can be said. */
    public Map<String, String> exercises() {
        return once("facts/exercise.csv", FactFiles::exercises);
    }

    /** systemd's groups of calls, in systemd's order. */
    public List<SyscallGroup> groups() {
        return loadFacts().groups;
    }

    /** The operations that are submitted through io_uring, by ascending number from 0. */
    public List<IoUringOperation> ioUringOperations() {
        return ioUring(IoUringOperation.SUBMITTED);
    }

    /** The operations of io_uring_register(2), by ascending number from 0. */
    public List<IoUringOperation> ioUringRegistrations() {
        return ioUring(IoUringOperation.REGISTERED);
    }

    private List<IoUringOperation> ioUring(String kind) {
        return once("uring.csv", IoUringOperation::parseAll).get(kind);
    }

    /** What calls do where an argument decides it, in the order of the file. */
    public List<CallClass> callClasses() {
        return once("facts/classes.csv", table -> CallClass.parseAll(table, arches));
    }

    /** Values of arguments that newer kernels brought. */
    public List<NewerValue> newerValues() {
        return once("facts/newer-values.csv", NewerValue::parseAll);
    }

    /** Known holes with a public exploit (kernelCTF, 2023 to 2025), by {@link #callClasses}. */
    public List<Exploit> exploits() {
        return exploits("facts/exploits.csv", List.of("cve", "needs"));
    }

    /** Holes of the kernel whose CVE record of 2026 names the entry: none of {@link #exploits}. */
    public List<Exploit> recordsOf2026() {
        return exploits("facts/records-2026.csv", List.of("cve", "needs", "source"));
    }

    /** What programs of the known runtimes need. */
    public List<RuntimeFact> runtimeFacts() {
        return once("facts/runtimes.csv", RuntimeFact::parseAll);
    }

    private List<Exploit> exploits(String file, List<String> columns) {
        Set<String> ids = new HashSet<>();
        callClasses().forEach(each -> ids.add(each.id()));
        return once(file, table -> Exploit.parseAll(table, columns, ids));
    }

    /** What {@code parser} makes of a file, which is read at the first use. */
    @SuppressWarnings("unchecked") // a file always has the same parser
    private <T> T once(String file, Function<CsvTable, T> parser) {
        return (T) parsed.computeIfAbsent(file, name -> parser.apply(read(name)));
    }

    private synchronized Facts loadFacts() {
        if (facts == null) {
            FactFiles reader = new FactFiles(file -> read("facts/".concat(file)));
            List<SyscallGroup> groups = reader.readGroups();
            facts = new Facts(groups, reader.read(groups));
        }
        return facts;
    }

    /** A separate class, so that it is loaded only if facts are used. */
    private static final class Facts {
        private final List<SyscallGroup> groups;
        private final Map<String, SyscallFacts> byName;

        Facts(List<SyscallGroup> groups, Map<String, SyscallFacts> byName) {
            this.groups = groups;
            this.byName = byName;
        }
    }

    SyscallTable x32() {
        return table(byName.get("x32"));
    }

    private synchronized SyscallTable loadTable(Arch arch) {
        SyscallTable table = tables.get(arch);
        if (table == null) {
            table = SyscallTable.parse(arch, read(arch.table().concat(".csv")), this::x32);
            tables.put(arch, table);
        }
        return table;
    }

    private CsvTable read(String file) {
        InputStream bytes = files.open(file);
        if (bytes == null) {
            throw new MalformedTableException(file, "missing", null);
        }
        return CsvTable.parse(file, bytes);
    }
}

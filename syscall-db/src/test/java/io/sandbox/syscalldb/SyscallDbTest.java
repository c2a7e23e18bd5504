// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SyscallDbTest {
    // Not SyscallDb.get(), whose tables stay for the whole JVM: each test reads them anew, so that
    // scripts/mutation sees what a change of the reader does.
    private final SyscallDb db = new SyscallDb(SyscallDb.class::getResourceAsStream);

    @Test
    void arches_shipped_areThoseOfAusyscallAndLibseccomp() {
        assertEquals(
                List.of(
                        """
                        x86_64 x32 i386 aarch64 arm ppc ppc64 ppc64le s390 s390x riscv32 riscv64
                        loongarch64 m68k mips mipsel mips64 mipsel64 mips64n32 mipsel64n32 parisc
                        parisc64 sh sheb
                        """
                                .split("\\s")),
                db.arches().stream().map(Arch::name).toList());
    }

    @Test
    void arches_shipped_haveNamesThatDifferAndOthersThatExist() {
        Set<String> oci = new HashSet<>();
        Set<String> systemd = new HashSet<>();
        for (Arch arch : db.arches()) {
            assertTrue(areNames(arch.name(), arch.aliases()), arch::name);
            assertTrue(oci.add(arch.ociName()), arch::name);
            arch.systemdName().ifPresent(name -> assertTrue(systemd.add(name), arch::name));
            List<String> others = new ArrayList<>(arch.secondary());
            arch.b32().ifPresent(others::add);
            for (String other : others) {
                assertEquals(other, db.arch(other).name());
            }
        }
    }

    /** The tables' reader takes any text: looking at each letter would cost each start 5 ms. */
    private static boolean areNames(String name, List<String> aliases) {
        return Stream.concat(Stream.of(name), aliases.stream())
                .allMatch(each -> each.matches("[a-z0-9_]+"));
    }

    /** Values of records are in hex; those of an ELF file are its machine, class and byte order. */
    private String answer(String asked, String given) {
        String[] words = given.split(" ");
        Optional<Arch> found =
                switch (asked) {
                    case "record" -> db.archByAuditValue(Integer.parseUnsignedInt(given, 16));
                    case "elf" ->
                            db.archByElf(
                                    Integer.parseInt(words[0]),
                                    Integer.parseInt(words[1]),
                                    words[2].equals("little"));
                    default -> db.archByName(given);
                };
        return switch (asked) {
            case "libseccomp" -> found.flatMap(Arch::libseccompName).orElse("none");
            case "token" -> Integer.toHexString(found.orElseThrow().seccompToken().orElse(0));
            case "oci" -> found.orElseThrow().ociName();
            case "systemd" -> found.flatMap(Arch::systemdName).orElse("none");
            case "secondary" -> String.join(" ", found.orElseThrow().secondary());
            case "b32" -> found.flatMap(Arch::b32).orElse("none");
            default -> found.map(Arch::name).orElse("none");
        };
    }

    @Table
    void answer_isAnArchOrAFactOfIt_orNone(String asked, String given, String expected) {
        assertEquals(expected, answer(asked, given));
    }

    @Test
    void get_always_givesTheSameDbWithTheShippedArches() {
        assertSame(SyscallDb.get(), SyscallDb.get());
        assertEquals(names(db.arches()), names(SyscallDb.get().arches()));
    }

    private static List<String> names(List<Arch> arches) {
        return arches.stream().map(Arch::name).toList();
    }

    @Test
    void toString_arch_isItsName() {
        db.arches().forEach(arch -> assertEquals(arch.name(), arch.toString()));
    }

    @Test
    void nativeArch_isThatOfTheRunningJvm() {
        // os.arch only serves as a check, for the texts that are known.
        String osArch = System.getProperty("os.arch");
        Assumptions.assumeTrue(
                Set.of("amd64", "i386", "aarch64", "arm", "s390x", "riscv64").contains(osArch),
                osArch);
        assertSame(db.arch(osArch), db.nativeArch());
    }

    @Test
    void queryArchOf_notAnExecutable_isRefused(@TempDir Path folder) throws IOException {
        Path text =
                Files.writeString(folder.resolve("script"), "#!/bin/sh\nexit 0 # long enough\n");
        Path mips = Files.write(folder.resolve("mips"), ArchTranslationTest.header(1, 2, 0, 8));
        assertTrue(messageOf(text).endsWith("script: not an ELF file"), messageOf(text));
        assertTrue(messageOf(mips).contains("mips: no system call table for "), messageOf(mips));
        assertThrows(
                UncheckedIOException.class,
                () -> db.queryArchOf(folder.resolve("none").toString()));
        assertThrows(UncheckedIOException.class, () -> db.queryArchOf(folder.toString()));
    }

    private String messageOf(Path file) {
        return assertThrows(
                        UnsupportedOperationException.class, () -> db.queryArchOf(file.toString()))
                .getMessage();
    }

    @Test
    void table_oneArch_readsNoOther() {
        TextFiles files = new TextFiles();
        SyscallDb db = new SyscallDb(files);
        assertEquals(List.of("arches.csv"), files.opened);
        SyscallTable table = db.table(db.arch("x86_64"));
        table.byNumber(17);
        table.byNumber(18);
        assertEquals(List.of("arches.csv", "x86_64.csv"), files.opened);
        table.byNumber(SyscallTable.X32_BIT);
        table.byNumber(SyscallTable.X32_BIT);
        assertEquals(List.of("arches.csv", "x86_64.csv", "x32.csv"), files.opened);
    }

    @Test
    void table_manyThreads_getTheSameObject() {
        TextFiles files = new TextFiles();
        SyscallDb db = new SyscallDb(files);
        Arch arch = db.arches().get(0);
        Set<SyscallTable> seen =
                Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        IntStream.range(0, 64).parallel().forEach(i -> seen.add(db.table(arch)));
        assertEquals(1, seen.size());
        assertEquals(List.of("arches.csv", "x86_64.csv"), files.opened);
    }

    private SyscallTable table(String arch) {
        return db.table(db.arch(arch));
    }

    private static List<Arch> arches() {
        return SyscallDb.get().arches();
    }

    @Table
    void byNumber_isACallOrNone(String arch, String number, String call) {
        Optional<Syscall> found = table(arch).byNumber(Integer.decode(number));
        assertEquals(
                call, found.map(each -> each.arch().name() + " " + each.name()).orElse("none"));
    }

    /** {@code mux}: also by a multiplexer; {@code unknown}: libseccomp does not know it. */
    @Table
    void byName_isACallOrNone(String arch, String name, String call) {
        Optional<Syscall> found = table(arch).byName(name);
        assertEquals(
                call,
                found.map(
                                each ->
                                        Integer.toUnsignedString(each.number())
                                                + (each.multiplexed() ? " mux" : "")
                                                + (each.inLibseccomp() ? "" : " unknown"))
                        .orElse("none"));
    }

    // For c000003e and 17 in a record, ausyscall prints pread, which libseccomp refuses, so the
    // name must always be pread64.
    @Table
    void byName_auditAlias_givesKernelName(String arch, String alias, int number, String name) {
        Syscall call = table(arch).byName(alias).orElseThrow();
        assertEquals(name, call.name());
        assertEquals(number, call.number());
        assertEquals(List.of(alias), call.aliases());
        assertTrue(call.inLibseccomp());
        assertEquals(Optional.of(call), table(arch).byNumber(number));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -101, -10158, Integer.MIN_VALUE, Integer.MAX_VALUE, 8000})
    void byNumber_outOfRange_isEmpty(int number) {
        for (Arch arch : db.arches()) {
            assertEquals(Optional.empty(), db.table(arch).byNumber(number), arch.name());
        }
    }

    @ParameterizedTest
    @MethodSource("arches")
    void all_everyArch_ascendingAndFoundByEachOfItsNames(Arch arch) {
        SyscallTable table = db.table(arch);
        assertTrue(table.all().size() > 300, () -> arch + " has only " + table.all().size());
        int last = -1;
        for (Syscall call : table.all()) {
            assertTrue(call.number() > last, call::toString);
            last = call.number();
            assertEquals(arch, call.arch());
            assertEquals(Optional.of(call), table.byNumber(call.number()));
            assertEquals(Optional.of(call), table.byName(call.name()));
            call.aliases().forEach(alias -> assertEquals(Optional.of(call), table.byName(alias)));
            assertTrue(areNames(call.name(), call.aliases()), call::toString);
            assertFalse(call.inLibseccomp() && arch.seccompToken().isEmpty(), call::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("arches")
    void aliases_everyArch_neverShadowAnotherCall(Arch arch) {
        SyscallTable table = db.table(arch);
        Map<String, Integer> canonical = new HashMap<>();
        table.all().forEach(call -> canonical.put(call.name(), call.number()));
        for (Syscall call : table.all()) {
            for (String alias : call.aliases()) {
                assertFalse(canonical.containsKey(alias), () -> call + ": " + canonical.get(alias));
            }
        }
    }

    @Test
    void factsAndOperations_shipped_haveNames() {
        db.allFacts().forEach(facts -> assertTrue(areNames(facts.name(), List.of())));
        Stream.of(db.ioUringOperations(), db.ioUringRegistrations())
                .flatMap(List::stream)
                .forEach(each -> assertTrue(areNames(each.name(), List.of()), each::name));
    }

    @Test
    void all_isImmutable() {
        assertThrows(UnsupportedOperationException.class, () -> table("x86_64").all().clear());
    }
}

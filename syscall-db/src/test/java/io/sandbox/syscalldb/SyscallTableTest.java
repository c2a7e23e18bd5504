// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped tables. */
final class SyscallTableTest {
    private static final int X32 = SyscallTable.X32_BIT;

    // Not SyscallDb.get(), whose tables stay for the whole JVM: each test reads them anew, so that
    // scripts/mutation sees what a change of the reader does.
    private final SyscallDb db = new SyscallDb(SyscallDb.class::getResourceAsStream);

    private SyscallTable table(String arch) {
        return db.table(db.archByName(arch).orElseThrow());
    }

    private static List<Arch> arches() {
        return SyscallDb.get().arches();
    }

    private Optional<String> nameOf(String arch, int number) {
        return table(arch).byNumber(number).map(Syscall::name);
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
    @ValueSource(
            strings = {
                "",
                "absent",
                "same",
                "PREAD64",
                " pread64",
                "pread64 ",
                "17",
                "sys_read",
                "number",
                "uname26"
            })
    void byName_notExactlyAName_isEmpty(String name) {
        assertEquals(Optional.empty(), table("x86_64").byName(name));
    }

    @Test
    void byName_callOfAnotherArch_isEmpty() {
        assertEquals(Optional.empty(), table("x86_64").byName("socketcall"));
        assertEquals(Optional.empty(), table("aarch64").byName("open"));
        assertEquals(Optional.empty(), table("riscv64").byName("pread"));
        assertEquals(Optional.empty(), table("i386").byName("arch_specific_syscall"));
    }

    @Test
    void byName_x32CallInTableOfX8664_isThatOfX8664() {
        assertEquals(13, table("x86_64").byName("rt_sigaction").orElseThrow().number());
        assertEquals(X32 | 512, table("x32").byName("rt_sigaction").orElseThrow().number());
    }

    /** Newer than the packages of which the tables are made, see newer-calls.csv. */
    @Test
    void byNumber_newerThanThePackages_isInTheTablesOfItsArches() {
        assertEquals(Optional.of("uprobe"), nameOf("x86_64", 336));
        assertEquals(Optional.of("uprobe"), nameOf("x32", X32 | 336));
        assertEquals(Optional.of("recvmmsg"), nameOf("mips", 4335));
        assertEquals(Optional.of("rseq_slice_yield"), nameOf("aarch64", 471));
        assertEquals(Optional.of("rseq_slice_yield"), nameOf("mips64n32", 6471));
        assertEquals(Optional.of("fchroot"), nameOf("x32", 0x40000000 + 472));
        assertEquals(Optional.of("listns"), nameOf("s390x", 470));
        assertEquals(Optional.of("file_setattr"), nameOf("s390", 469));
        assertEquals(Optional.empty(), nameOf("s390", 470));
        assertFalse(table("x86_64").byName("listns").orElseThrow().multiplexed());
        assertTrue(table("i386").byName("socket").orElseThrow().multiplexed());
        assertEquals(Optional.empty(), nameOf("ppc", 392)); // semtimedop is of 64 bits alone
        assertEquals(Optional.of("semtimedop"), nameOf("ppc64", 392));
    }

    @Test
    void byNumber_hole_isEmpty() {
        assertEquals(Optional.of("rseq"), nameOf("x86_64", 334));
        assertEquals(Optional.empty(), nameOf("x86_64", 337));
        assertEquals(Optional.empty(), nameOf("x86_64", 423));
        assertEquals(Optional.of("pidfd_send_signal"), nameOf("x86_64", 424));
        assertEquals(Optional.empty(), nameOf("x86_64", 512)); // an x32 number without its bit
        assertEquals(Optional.empty(), nameOf("arm", 0xf0000));
        assertEquals(Optional.of("set_tls"), nameOf("arm", 0xf0005));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -101, -10158, Integer.MIN_VALUE, Integer.MAX_VALUE, 8000})
    void byNumber_outOfRange_isEmpty(int number) {
        for (Arch arch : db.arches()) {
            assertEquals(Optional.empty(), db.table(arch).byNumber(number), arch.name());
        }
    }

    @Test
    void byNumber_bit30OnX8664_givesCallOfX32() {
        Syscall call = table("x86_64").byNumber(X32 | 520).orElseThrow();
        assertEquals("execve", call.name());
        assertEquals("x32", call.arch().name());
        assertEquals(X32 | 520, call.number());
        assertEquals(Optional.of(call), table("x32").byNumber(X32 | 520));
    }

    @Test
    void byNumber_bit30_holesAndOtherArchesAreEmpty() {
        assertEquals(
                Optional.empty(),
                table("x86_64").byNumber(X32 | 13)); // rt_sigaction has another number on x32
        assertEquals(Optional.empty(), table("x86_64").byNumber(X32 | 5000));
        assertEquals(Optional.empty(), table("i386").byNumber(X32));
        assertEquals(Optional.empty(), table("aarch64").byNumber(X32));
        assertEquals(
                Optional.empty(),
                table("x32").byNumber(0)); // without the bit it is a call of x86_64
    }

    @Test
    void inLibseccomp_multiplexedOrUnknown_isFalse() {
        assertFalse(table("i386").byName("socket").orElseThrow().inLibseccomp());
        assertTrue(table("i386").byName("socketcall").orElseThrow().inLibseccomp());
        assertFalse(table("arm").byName("time").orElseThrow().inLibseccomp()); // old ABI only
        assertTrue(table("x86_64").byName("socket").orElseThrow().inLibseccomp());
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
            call.aliases()
                    .forEach(
                            alias ->
                                    assertFalse(
                                            canonical.containsKey(alias),
                                            () -> call + ": " + canonical.get(alias)));
        }
    }

    @Test
    void all_isImmutable() {
        assertThrows(UnsupportedOperationException.class, () -> table("x86_64").all().clear());
    }
}

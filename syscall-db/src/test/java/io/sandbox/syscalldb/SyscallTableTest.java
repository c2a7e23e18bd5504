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

final class SyscallTableTest {
    private static final int X32 = SyscallTable.X32_BIT;

    // Not SyscallDb.get(), whose tables stay for the whole JVM: each test reads them anew, so that
    // scripts/mutation sees what a change of the reader does.
    private final SyscallDb db = new SyscallDb(SyscallDb.class::getResourceAsStream);

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

    @Test
    void byNumber_bit30OnX8664_givesCallOfX32() {
        Syscall call = table("x86_64").byNumber(X32 | 520).orElseThrow();
        assertEquals("execve", call.name());
        assertEquals("x32", call.arch().name());
        assertEquals(X32 | 520, call.number());
        assertEquals(Optional.of(call), table("x32").byNumber(X32 | 520));
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
            for (String alias : call.aliases()) {
                assertFalse(canonical.containsKey(alias), () -> call + ": " + canonical.get(alias));
            }
        }
    }

    @Test
    void all_isImmutable() {
        assertThrows(UnsupportedOperationException.class, () -> table("x86_64").all().clear());
    }
}

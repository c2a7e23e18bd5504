// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnknownCallsTest {
    private static final SyscallTable TABLE = SyscallDb.get().table(SyscallDb.get().arch("x86_64"));

    private static UnknownCalls after(String version) {
        return UnknownCalls.after(KernelVersion.parse(version).orElseThrow());
    }

    /** openat2 came with Linux 5.6. */
    @ParameterizedTest
    @CsvSource({
        "enosys, true",
        "enosys:5.5, false",
        "enosys:5.6, true",
        "enosys:6.12, true",
    })
    void judges_callsUpToTheNewestKernel(String value, boolean judged) {
        assertEquals(
                judged, UnknownCalls.parse(value).judges(TABLE.byName("openat2").orElseThrow()));
    }

    @Test
    void or_isWhatBothRefuse() {
        UnknownCalls older = after("5.5");
        UnknownCalls newer = after("6.12");
        assertEquals(newer, older.or(newer));
        assertEquals(newer, newer.or(older));
        assertEquals(UnknownCalls.ABOVE_TABLES, older.or(UnknownCalls.ABOVE_TABLES));
        assertEquals(UnknownCalls.ABOVE_TABLES, UnknownCalls.ABOVE_TABLES.or(older));
        assertEquals(UnknownCalls.AS_OTHERS, older.or(UnknownCalls.AS_OTHERS));
        assertEquals(UnknownCalls.AS_OTHERS, UnknownCalls.AS_OTHERS.or(older));
    }

    @Test
    void text_saysWhichCallsTheyAre() {
        assertEquals("", UnknownCalls.AS_OTHERS.text());
        assertEquals("that no table has", UnknownCalls.ABOVE_TABLES.text());
        assertEquals("newer than Linux 6.12", after("6.12").text());
    }
}

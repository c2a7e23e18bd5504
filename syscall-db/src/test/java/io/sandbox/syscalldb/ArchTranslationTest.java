// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ArchTranslationTest {
    private static final SyscallDb DB = SyscallDb.get();

    private static ArchTranslation between(String from, String to) {
        return new ArchTranslation(DB, DB.arch(from), DB.arch(to));
    }

    /** A call is kept, or has siblings in its place; both with those that the first arch lacks. */
    @Table
    void step_call_isKeptOrHasSiblings(
            String from, String to, String call, boolean kept, String siblings) {
        ArchTranslation.Step step = between(from, to).step(call);
        assertEquals(kept, step.kept());
        assertEquals(siblings, String.join(" ", step.added()));
    }

    @Table
    void step_conditions_holdWhereArgumentsAreInTheSamePlaces(
            String from, String to, String call, int argument, boolean same) {
        assertEquals(same, between(from, to).isInPlace(call, argument));
    }

    @Test
    void step_alias_isTheCallsCanonicalName() {
        assertEquals("pread64", between("x86_64", "aarch64").step("pread").call());
    }

    @Test
    void step_nameThatTheFirstArchLacks_isRefused() {
        ArchTranslation translation = between("aarch64", "x86_64");
        assertThrows(IllegalArgumentException.class, () -> translation.step("open"));
        assertThrows(IllegalArgumentException.class, () -> translation.step("nosuch"));
    }

    static List<Arch> arches() {
        return DB.arches();
    }

    // Whatever comes out must load there: a policy with an unknown name is refused.
    @ParameterizedTest
    @MethodSource("arches")
    void step_everyCallOfX8664_givesCallsOfThatArchOnly(Arch to) {
        Arch x86 = DB.arch("x86_64");
        ArchTranslation translation = new ArchTranslation(DB, x86, to);
        SyscallTable there = DB.table(to);
        for (Syscall call : DB.table(x86).all()) {
            ArchTranslation.Step step = translation.step(call.name());
            assertTrue(
                    !step.kept() || there.byCanonicalName(call.name()).isPresent(), step::toString);
            for (String name : step.added()) {
                assertTrue(there.byCanonicalName(name).isPresent(), step::toString);
            }
            assertFalse(step.added().contains(call.name()), step::toString);
        }
    }
}

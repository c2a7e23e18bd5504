// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.MethodSource;

/** Architectures and kernels. */
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

    static byte[] header(int elfClass, int data, int machine0, int machine1) {
        byte[] head = new byte[ElfHeader.SIZE];
        head[0] = 0x7f;
        head[1] = 'E';
        head[2] = 'L';
        head[3] = 'F';
        head[4] = (byte) elfClass;
        head[5] = (byte) data;
        head[18] = (byte) machine0;
        head[19] = (byte) machine1;
        return head;
    }

    @Table
    void parse_bothByteOrders_givesMachine(
            int elfClass, int data, int first, int second, String expected) {
        assertEquals(
                "ElfHeader[" + expected + "]",
                ElfHeader.parse(header(elfClass, data, first, second)).orElseThrow().toString());
    }

    @Test
    void parse_cutAtEveryByte_isEmpty() {
        byte[] head = header(2, 1, 62, 0);
        for (int size = 0; size < head.length; size++) {
            assertEquals(Optional.empty(), ElfHeader.parse(Arrays.copyOf(head, size)));
        }
    }

    @Test
    void parse_badMagicClassOrByteOrder_isEmpty() {
        for (int i = 0; i < 4; i++) {
            byte[] head = header(2, 1, 62, 0);
            head[i]++;
            assertEquals(Optional.empty(), ElfHeader.parse(head));
        }
        for (int bad : new int[] {0, 3, 0x82, 0xff}) {
            assertEquals(Optional.empty(), ElfHeader.parse(header(bad, 1, 62, 0)));
            assertEquals(Optional.empty(), ElfHeader.parse(header(2, bad, 62, 0)));
        }
    }

    private static KernelVersion version(String text) {
        return KernelVersion.parse(text).orElseThrow();
    }

    @Table
    void compareTo_earlierRelease_isLess(String earlier, String later) {
        assertTrue(version(earlier).compareTo(version(later)) < 0);
        assertTrue(version(later).compareTo(version(earlier)) > 0);
        assertNotEquals(version(earlier), version(later));
        assertNotEquals(version(earlier).hashCode(), version(later).hashCode());
    }

    @Test
    void equals_zeroAtTheEnd_isTheSameRelease() {
        assertEquals(version("5.9"), version("5.9.0"));
        assertEquals(version("5.9").hashCode(), version("5.9.0").hashCode());
        assertEquals("5.9.0", version("5.9.0").toString());
    }

    @Table
    @EmptySource
    void parse_noVersion_isEmpty(String text) {
        assertEquals(Optional.empty(), KernelVersion.parse(text));
    }
}

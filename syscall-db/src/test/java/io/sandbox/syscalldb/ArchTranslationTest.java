// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ArchTranslationTest {
    private static final SyscallDb DB = SyscallDb.get();

    private static ArchTranslation between(String from, String to) {
        return new ArchTranslation(
                DB, DB.archByName(from).orElseThrow(), DB.archByName(to).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "x86_64, aarch64, open, openat",
        "x86_64, aarch64, creat, openat",
        "x86_64, aarch64, stat, newfstatat statx",
        "x86_64, aarch64, fork, clone clone3",
        "x86_64, aarch64, poll, ppoll",
        "x86_64, aarch64, dup2, dup3",
        "x86_64, aarch64, getdents, getdents64",
        "x86_64, aarch64, alarm, setitimer",
        "x86_64, aarch64, time, gettimeofday clock_gettime",
        "x86_64, riscv32, gettimeofday, clock_gettime64",
        "x86_64, riscv32, newfstatat, statx",
        "i386, x86_64, mmap2, mmap",
        "i386, x86_64, set_thread_area, arch_prctl",
        "i386, x86_64, fstat64, fstat statx",
        "x86_64, aarch64, iopl, ''",
    })
    void step_callIsAbsent_givesItsSiblingsThatAreThere(
            String from, String to, String call, String siblings) {
        ArchTranslation.Step step = between(from, to).step(call);
        assertFalse(step.kept());
        assertEquals(siblings, String.join(" ", step.added()));
        assertFalse(step.sameArguments());
    }

    // stat's own siblings are what aarch64 has; those of oldstat are not.
    @Test
    void step_siblingsAreAbsentToo_givesTheirSiblings() {
        assertEquals(
                List.of("newfstatat", "statx"), between("i386", "aarch64").step("oldstat").added());
    }

    @ParameterizedTest
    @CsvSource({
        "x86_64, aarch64, read, ''",
        "x86_64, aarch64, clone, ''",
        "aarch64, x86_64, openat, ''",
        "aarch64, x86_64, ppoll, ''",
        "x86_64, i386, mmap, mmap2",
        "x86_64, i386, getuid, getuid32",
        "x86_64, i386, arch_prctl, set_thread_area",
        "x86_64, i386, lseek, _llseek",
        "x86_64, i386, futex, futex_time64",
        "x86_64, i386, socket, socketcall",
        "x86_64, i386, stat, stat64 fstatat64",
        "x86_64, x86_64, open, ''",
    })
    void step_callIsThere_isKeptWithSiblingsThatTheFirstArchLacks(
            String from, String to, String call, String siblings) {
        ArchTranslation.Step step = between(from, to).step(call);
        assertTrue(step.kept());
        assertEquals(siblings, String.join(" ", step.added()));
    }

    @ParameterizedTest
    @CsvSource({
        "x86_64, aarch64, openat, true",
        "x86_64, aarch64, socket, true",
        "x86_64, aarch64, clone, false",
        "aarch64, x86_64, clone, false",
        "x86_64, s390x, mmap, false",
        "x86_64, i386, pread64, false",
        "x86_64, x86_64, clone, true",
        "s390x, s390x, clone, true",
    })
    void step_conditions_holdWhereArgumentsAreInTheSamePlaces(
            String from, String to, String call, boolean same) {
        assertEquals(same, between(from, to).step(call).sameArguments());
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
        Arch x86 = DB.archByName("x86_64").orElseThrow();
        ArchTranslation translation = new ArchTranslation(DB, x86, to);
        SyscallTable there = DB.table(to);
        for (Syscall call : DB.table(x86).all()) {
            ArchTranslation.Step step = translation.step(call.name());
            assertTrue(
                    !step.kept() || there.byCanonicalName(call.name()).isPresent(), step::toString);
            step.added()
                    .forEach(
                            name ->
                                    assertTrue(
                                            there.byCanonicalName(name).isPresent(),
                                            step::toString));
            assertFalse(step.added().contains(call.name()), step::toString);
        }
    }
}

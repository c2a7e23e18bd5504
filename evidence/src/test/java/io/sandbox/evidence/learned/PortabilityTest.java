// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortabilityTest {
    private static Arch arch(String name) {
        return SyscallDb.get().archByName(name).orElseThrow();
    }

    private static Map<String, String> additions(String arch, String... names) {
        return Portability.additions(List.of(names), arch(arch));
    }

    @Test
    void additions_openat_bringsOpenOfOtherLibraries() {
        Map<String, String> additions = additions("x86_64", "openat");
        assertEquals("made in place of openat elsewhere", additions.get("open"));
        assertFalse(additions.containsKey("openat"));
    }

    /** glibc 2.34 began to use clone3 instead of clone, which broke container policies. */
    @Test
    void additions_cloneAndItsSuccessor_goBothWays() {
        assertTrue(additions("x86_64", "clone").containsKey("clone3"));
        assertTrue(additions("x86_64", "clone3").containsKey("clone"));
    }

    @Test
    void additions_callThatTheArchLacks_isNotAmongThem() {
        assertFalse(additions("aarch64", "openat").containsKey("open"));
    }

    /** On aarch64, getdents is only an alias of getdents64. */
    @Test
    void additions_callThatTheArchHasAsAnAlias_isNotAmongThem() {
        assertTrue(additions("x86_64", "getdents64").containsKey("getdents"));
        assertFalse(additions("aarch64", "getdents64").containsKey("getdents"));
    }

    @Test
    void additions_open_bringsWhatOtherLibrariesMakeInItsPlace() {
        assertEquals("made in place of open elsewhere", additions("x86_64", "open").get("openat"));
    }

    @Test
    void additions_timeOn32Bit_bringsTheWideForm() {
        assertTrue(additions("i386", "clock_nanosleep").containsKey("clock_nanosleep_time64"));
    }

    @Test
    void additions_always_bringVdsoAndRestart() {
        Map<String, String> additions = additions("x86_64", "write");
        assertTrue(additions.keySet().containsAll(Set.of("clock_gettime", "restart_syscall")));
        assertFalse(additions.containsKey("rt_sigreturn"), "no handler was set");
        assertTrue(additions("x86_64", "rt_sigaction").containsKey("rt_sigreturn"));
    }

    @Test
    void answeredByVdso_callThatWasSeen_isNotAmongThem() {
        Set<String> unseen =
                Portability.answeredByVdso(List.of("clock_gettime", "305419896"), arch("x86_64"));
        assertTrue(unseen.contains("gettimeofday"));
        assertFalse(unseen.contains("clock_gettime"));
    }
}

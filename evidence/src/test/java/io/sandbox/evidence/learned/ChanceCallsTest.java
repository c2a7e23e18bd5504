// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.RunFilter;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The counts are from real runs. */
class ChanceCallsTest {
    private static Arch arch(String name) {
        return SyscallDb.get().archByName(name).orElseThrow();
    }

    private static Set<String> entries(String arch, Set<String> calls, String... files) {
        return ChanceCalls.ofRuntimes(Set.of(files), calls, arch(arch)).keySet();
    }

    private static boolean hasThreads(Map<String, Long> counts) {
        return !programs(RunFilter.LOG_ALL, counts).isEmpty();
    }

    private static Set<String> programs(RunFilter filter, Map<String, Long> counts) {
        return ChanceCalls.programsWithThreads(
                Recordings.of(filter, List.of("/bin/x"), "/bin/x", counts));
    }

    @Test
    void ofRuntimes_areThoseOfTheFilesThatWereSeen() {
        String looks = "kill(arg1&0xffffffff==0)";
        for (String file : List.of("/usr/bin/java", "/usr/lib/jvm/17/lib/server/libjvm.so")) {
            assertTrue(entries("x86_64", Set.of(), file).contains(looks));
        }
        assertEquals(Set.of(), entries("x86_64", Set.of(), "/bin/javac", "", "musl"));
        // It has unlinkat only.
        assertEquals(Set.of("flock", looks), entries("aarch64", Set.of(), "java"));
        Set<String> copies = Set.of("copy_file_range");
        for (String file : List.of("/opt/node", "/lib/libuv.so.1.0.0")) {
            assertEquals(Set.of("sendfile"), entries("x86_64", copies, file));
        }
        String abort = "tgkill(arg2&0xffffffff==6)";
        assertTrue(entries("x86_64", Set.of(), "glibc 2.41").contains(abort));
        assertFalse(entries("x86_64", Set.of(), "/lib/libc.so.6").contains("bind"));
        assertTrue(
                entries("x86_64", Set.of("sendmmsg"), "glibc 2.41")
                        .containsAll(
                                Set.of(
                                        "bind",
                                        "socket(arg0&0xffffffff==16,arg1&0xf==3,"
                                                + "arg2&0xffffffff==0)")));
    }

    @Test
    void programsWithThreads_threadsOfGlibc_areKnownWhileTheyRun() {
        assertEquals(
                Set.of("/bin/x"),
                programs(
                        RunFilter.LOG_ALL,
                        Map.of("clone3", 3L, "set_robust_list", 3L, "rseq", 3L, "futex", 2L)));
    }

    @Test
    void programsWithThreads_startOfTheProgramWasSeenToo_oneThreadSuffices() {
        assertTrue(hasThreads(Map.of("clone3", 1L, "set_tid_address", 1L, "rseq", 2L)));
    }

    @Test
    void programsWithThreads_threadsThatEnd_areKnownWithoutRseq() {
        assertTrue(hasThreads(Map.of("clone", 2L, "exit", 1L, "exit_group", 1L)));
        assertTrue(hasThreads(Map.of("clone3", 2L, "exit", 1L, "exit_group", 1L)));
    }

    /** Such a program is written in assembly, has no threads and ends by the old call. */
    @Test
    void programsWithThreads_exitOfAProgramThatBeginsNoOther_isNoThread() {
        assertFalse(hasThreads(Map.of("write", 1L, "exit", 1L)));
    }

    @Test
    void programsWithThreads_go_isKnownThoughNoThreadEnds() {
        assertTrue(
                hasThreads(
                        Map.of(
                                "clone", 5L,
                                "gettid", 11L,
                                "sigaltstack", 12L,
                                "sched_getaffinity", 1L,
                                "futex", 2273L)));
    }

    @Test
    void programsWithThreads_oneOfWhatThreadsOfGoMakeIsMissingOrOnce_hasNone() {
        Map<String, Long> go =
                Map.of("clone", 5L, "gettid", 2L, "sigaltstack", 2L, "sched_getaffinity", 1L);
        assertTrue(hasThreads(go));
        for (String name : go.keySet()) {
            Map<String, Long> less = new HashMap<>(go);
            less.remove(name);
            assertFalse(hasThreads(less), name);
        }
        for (String name : List.of("gettid", "sigaltstack")) {
            Map<String, Long> once = new HashMap<>(go);
            once.put(name, 1L);
            assertFalse(hasThreads(once), name);
        }
    }

    /** A shell that runs programs forks subshells, and is started several times. */
    @Test
    void programsWithThreads_shellThatForks_hasNone() {
        assertFalse(
                hasThreads(
                        Map.of(
                                "clone", 40L,
                                "execve", 22L,
                                "futex", 16L,
                                "set_tid_address", 16L,
                                "exit_group", 34L,
                                "set_robust_list", 56L,
                                "rseq", 16L)));
    }

    @Test
    void programsWithThreads_forkAndPosixSpawn_areNone() {
        assertFalse(
                hasThreads(
                        Map.of(
                                "clone", 5L,
                                "clone3", 1L,
                                "set_robust_list", 5L,
                                "exit_group", 6L,
                                "futex", 4L,
                                "gettid", 2L,
                                "sigaltstack", 2L,
                                "sched_getaffinity", 1L)));
    }

    /** A later run logs only new calls, so its counts cannot be compared. */
    @Test
    void programsWithThreads_runThatAllowsCallsUnseen_isNotCounted() {
        Map<String, Long> counts = Map.of("rseq", 1L);
        assertTrue(hasThreads(counts));
        assertEquals(Set.of(), programs(new RunFilter(false, List.of("set_tid_address")), counts));
    }

    @Test
    void additions_callsInTheList_areNotAmongThem() {
        Map<String, String> additions =
                ChanceCalls.additions(List.of("futex", "write"), arch("x86_64"));
        assertTrue(additions.containsKey("sched_yield"));
        assertFalse(additions.containsKey("futex"));
        assertFalse(additions.containsKey("openat"), "it changes what is outside of the process");
        assertTrue(additions.values().stream().noneMatch(String::isBlank));
    }

    @Test
    void additions_callThatTheArchLacks_isNotAmongThem() {
        assertTrue(ChanceCalls.additions(List.of(), arch("x86_64")).containsKey("epoll_wait"));
        assertFalse(ChanceCalls.additions(List.of(), arch("aarch64")).containsKey("epoll_wait"));
    }
}

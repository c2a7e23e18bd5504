// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.link.Root;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReachTest {
    @TempDir private Path cache;

    private Reach here() {
        return new Reach(
                Optional.of(cache),
                Optional.ofNullable(System.getenv("LD_LIBRARY_PATH")),
                List.of(),
                Root.HERE);
    }

    private static Path launcher() throws IOException {
        return Path.of("/proc/self/exe").toRealPath();
    }

    @Test
    void of_aProgram_hasAPathToEachCall() throws IOException {
        ReachResult result = here().of(launcher());
        assertTrue(result.calls().size() > 30, result::toString);
        for (ReachableCall call : result.calls()) {
            assertFalse(call.path().isEmpty(), call.name());
            for (Step step : call.path()) {
                assertTrue(result.files().contains(step.file()), call::toString);
                assertTrue(step.offset() >= step.start(), call::toString);
            }
        }
        Set<String> floor =
                result.calls().stream()
                        .filter(ReachableCall::floor)
                        .map(ReachableCall::name)
                        .collect(Collectors.toSet());
        assertTrue(
                floor.containsAll(Set.of("mmap", "openat", "read", "write", "exit_group")),
                floor::toString);
        assertFalse(floor.contains("execve") && floor.contains("socket"), floor::toString);
    }

    @Test
    void of_aProgramFromTheCache_isTheSame() throws IOException {
        ReachResult first = here().of(launcher());
        try (var kept = Files.list(cache)) {
            long graphs = kept.filter(each -> !Files.isSymbolicLink(each)).count();
            assertEquals(first.files().size(), graphs);
        }
        assertEquals(first, here().of(launcher()));
    }

    @Test
    void incompleteGraphs_areRemovedAfterAnHour() throws IOException {
        Path old = Files.writeString(cache.resolve("new1.tmp"), "");
        Path fresh = Files.writeString(cache.resolve("new2.tmp"), "");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
        here().of(launcher());
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh));
    }

    // What a program reaches in a library, by each kind of reference that the linker knows.

    private static final String HEAD =
            "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <sys/syscall.h>\n"
                    + "#include <unistd.h>\nstruct ops { long n; long (*a)(void); };\n";

    private static final String PATH = "-Wl,-rpath,$ORIGIN";

    @TempDir private Path folder;

    @BeforeEach
    void makeEmptyProgram() throws Exception {
        write("main.c", "int main(void) { return 0; }");
    }

    private void write(String name, String code) throws IOException {
        Files.writeString(folder.resolve(name), HEAD + code + "\n");
    }

    private void run(String compiler, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(compiler, "-O1"));
        all.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
    }

    private ReachResult reach(String... options) throws Exception {
        Files.writeString(folder.resolve("versions"), "V1 { global: *; }; V2 { } V1;");
        run("gcc", "-shared", "-fPIC", "-o", "libf.so", "lib.c", "-Wl,--version-script=versions");
        List<String> words = new ArrayList<>(List.of("main.c", "-L.", PATH, "-o", "main"));
        words.addAll(List.of(options));
        words.addAll(List.of("-Wl,--no-as-needed", "-lf"));
        run("gcc", words.toArray(new String[0]));
        return new Reach(Optional.empty(), Optional.empty(), List.of(), Root.HERE)
                .of(folder.resolve("main"));
    }

    private static Set<String> names(ReachResult result) {
        return result.calls().stream().map(ReachableCall::name).collect(Collectors.toSet());
    }

    /** The dynamic linker runs the first function of this name. */
    @Test
    void exportedConstructor_thatTheProgramDefinesToo_isTheOneOfTheProgram() throws Exception {
        write("lib.c", "__attribute__((constructor)) void f(void) { getpgid(0); }");
        write("main.c", "void f(void) { getsid(0); } int main(void) { return 0; }");
        ReachResult result = reach("-rdynamic");
        assertFalse(names(result).contains("getpgid"), result::toString);
    }

    @Table
    void copiedObject_isTheOneOfTheLibrary(String use, String options) throws Exception {
        write(
                "lib.c",
                "static long a(void) { return getpgid(0); } struct ops operations = {1, a};");
        write(
                "main.c",
                "extern struct ops operations; int main(void) { return (int) " + use + "; }");
        ReachResult result = reach(options.split(" "));
        assertTrue(names(result).contains("getpgid"), result::toString);
        assertFalse(names(result).contains("getsid"), result::toString);
    }

    @Table
    void functionThatIsLookedUp_isFollowed_andNoted(String main) throws Exception {
        write("lib.c", "long f(void) { return getpgid(0); }");
        write("main.c", main);
        ReachResult result = reach();
        assertTrue(names(result).contains("getpgid"), result::toString);
        assertTrue(result.remarks().toString().contains("(dlsym)"), result::toString);
    }

    /** {@code others}: calls that are not found; then nothing is noted either. */
    @Table
    void function_isFollowedOrNot(String library, String main, String found, String others)
            throws Exception {
        write("lib.c", library);
        write("main.c", main);
        ReachResult result = reach();
        Set<String> names = names(result);
        assertTrue(names.containsAll(words(found)), result::toString);
        assertTrue(words(others).stream().noneMatch(names::contains), result::toString);
        assertTrue(others.isEmpty() || result.remarks().isEmpty(), result::toString);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    @Table
    void pointerToSyscall_countsAsComputed(String main) throws Exception {
        write("lib.c", "");
        write("main.c", main);
        ReachResult result = reach();
        assertEquals(1, result.computed().size(), result::toString);
    }

    @Table
    void emulator_isNoted(String name, boolean noted) throws Exception {
        write("lib.c", "");
        reach();
        Files.copy(folder.resolve("main"), folder.resolve(name));
        ReachResult result =
                new Reach(Optional.empty(), Optional.empty(), List.of(), Root.HERE)
                        .of(folder.resolve(name));
        assertEquals(noted, result.remarks().toString().contains("passes on"), result::toString);
    }

    /** {@code noted}: the end of the only note; empty for none. */
    @Table
    void ring_isNoted(String main, String noted) throws Exception {
        write(
                "lib.c",
                "int ring(void) { return syscall(425, 8, 0); } void io_uring_prep_openat(void) {}"
                        + "void io_uring_prep_close(void) {}");
        write("main.c", "int main(void) { " + main + "; }");
        String remarks = reach().remarks().toString();
        assertTrue(noted.isEmpty() ? remarks.equals("[]") : remarks.endsWith(noted + "]"), remarks);
    }

    @Test
    void callThatARunShows_isReachable_andAFaultOfTheAnalysis() throws Exception {
        write("lib.c", "");
        ReachResult found = reach();
        assertFalse(names(found).contains("ptrace"));
        assertEquals(found, found.with(Set.of(0, 1)));
        ReachResult result = found.with(Set.of(0, 1, 101, 0x20000000));
        assertEquals(found.calls().size() + 1, result.calls().size());
        ReachableCall ptrace =
                result.calls().stream().filter(call -> call.number() == 101).findFirst().get();
        assertEquals(new ReachableCall("ptrace", 101, false, List.of()), ptrace);
        assertEquals(1, result.remarks().size());
        assertTrue(
                result.remarks().get(0).contains("ptrace. This is a fault of the analysis"),
                result.remarks()::toString);
    }
}

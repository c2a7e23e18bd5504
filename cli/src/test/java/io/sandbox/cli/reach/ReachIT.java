// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sandbox-reach} as a user runs it. */
final class ReachIT {
    @TempDir private Path folder;

    /** Kept for all tests of this class, since libraries take a second each. */
    @TempDir private static Path cache;

    private Finished reach(String line, Object... values) throws Exception {
        return Child.of("sandbox-reach " + line, values)
                .in(folder)
                .with("XDG_CACHE_HOME", cache.toString())
                .run();
    }

    private Map<String, Object> json(String line, Object... values) throws Exception {
        Finished done = reach(line + " --format json", values).assertStatus(0);
        return JSON.std.mapFrom(done.out());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> call(Map<String, Object> answer, String name) {
        return ((List<Map<String, Object>>) answer.get("reachable"))
                .stream()
                        .filter(each -> each.get("name").equals(name))
                        .findFirst()
                        .orElse(Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-s", "-static", "-static-pie", "-static -s"})
    void programOfAarch64_hasAllThatItDoes(String options) throws Exception {
        Path program = CProgram.compileForArm64("renames", folder, options);
        String libraries = "/usr/aarch64-linux-gnu";
        Map<String, Object> answer = json("./renames --root %s", libraries);
        assertEquals("aarch64", answer.get("arch"));
        Files.writeString(folder.resolve("a"), "");
        Child.of(
                        "%s -L %s -strace -D trace %s a b",
                        LiveKernel.requireProgram("qemu-aarch64-static"), libraries, program)
                .in(folder)
                .run()
                .assertStatus(0);
        Matcher made =
                Pattern.compile("(?m)^[0-9]+ ([a-z0-9_]+)\\(")
                        .matcher(Files.readString(folder.resolve("trace")));
        Set<String> missing = new TreeSet<>();
        while (made.find()) {
            // The emulator has its own name for one call.
            String name =
                    made.group(1).replace("fstatat64", "newfstatat").replaceAll("^newnew", "new");
            if (call(answer, name).isEmpty()) {
                missing.add(name);
            }
        }
        assertEquals(Set.of(), missing, answer::toString);
        assertFalse(call(answer, "renameat").isEmpty(), answer::toString);
        assertFalse(call(answer, "sched_yield").isEmpty(), answer::toString);
        assertTrue(call(answer, "socket").isEmpty(), answer::toString);
    }

    /** By relocations that are called R_AARCH64_ABS64 and R_AARCH64_COPY there. */
    @Test
    void libraryOfAarch64_isFollowed() throws Exception {
        Path tools = Path.of("../target/tools/arm64").toAbsolutePath().normalize();
        Path compiler = tools.resolve("usr/bin/aarch64-linux-gnu-gcc");
        LiveKernel.require(Files.isExecutable(compiler), "needs scripts/setup arm64");
        Files.writeString(
                folder.resolve("f.c"),
                "#include <unistd.h>\n#include <sched.h>\n"
                        + "__attribute__((constructor)) void start(void) { getpgid(0); }\n"
                        + "static long a(void) { return sched_yield(); }\n"
                        + "struct ops { long n; long (*a)(void); } operations = {1, a};\n");
        Files.writeString(
                folder.resolve("main.c"),
                "extern struct ops { long n; long (*a)(void); } operations;\n"
                        + "int main(void) { return (int) operations.a(); }\n");
        String script =
                "$1 --sysroot=$2 -O1 -shared -fPIC -o libf.so f.c && $1 --sysroot=$2 -O1 -fno-pie"
                        + " -no-pie -o main main.c -L. -lf '-Wl,-rpath,$ORIGIN'";
        Child.shell(script, List.of(compiler.toString(), tools.toString()))
                .in(folder)
                .with("LD_LIBRARY_PATH", tools + "/usr/lib/x86_64-linux-gnu")
                .run()
                .assertStatus(0);
        Map<String, Object> answer = json("./main --root /usr/aarch64-linux-gnu");
        assertFalse(call(answer, "getpgid").isEmpty(), answer::toString);
        assertFalse(call(answer, "sched_yield").isEmpty(), answer::toString);
    }

    @Test
    void programOfAarch64_withoutItsLibraries_saysWhatToDo() throws Exception {
        CProgram.compileForArm64("renames", folder, "");
        reach("./renames")
                .assertRefusedBy(
                        "sandbox reach",
                        2,
                        "its dynamic linker /lib/ld-linux-aarch64.so.1 is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "arm64"})
    void staticProgramOfGo_isRead(String machine) throws Exception {
        Path go = Path.of("/usr/bin/go");
        Assumptions.assumeTrue(Files.isExecutable(go), "needs go");
        Files.writeString(
                folder.resolve("main.go"),
                "package main\nimport \"syscall\"\nfunc main() { syscall.Rename(\"a\", \"b\") }\n");
        Child.of("%s build -o renames main.go", go)
                .in(folder)
                .with(Map.of("GOARCH", machine, "CGO_ENABLED", "0"))
                .run()
                .assertStatus(0);
        Map<String, Object> answer = json("./renames");
        assertEquals(false, call(answer, "renameat").get("floor"), answer::toString);
        assertEquals(true, call(answer, "mmap").get("floor"), answer::toString);
        assertTrue(call(answer, "ptrace").isEmpty(), answer::toString);
    }
}

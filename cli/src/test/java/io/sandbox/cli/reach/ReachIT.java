// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
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
import org.junit.jupiter.params.provider.CsvSource;
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
    @CsvSource({
        "gcc, ''",
        "gcc, -no-pie",
        "gcc, -static",
        "gcc, -static-pie",
        "gcc, -s",
        "gcc, -static -s",
        "musl-gcc, ''",
        "musl-gcc, -static",
        "musl-gcc, -static -s"
    })
    void rename_inEveryKindOfProgram_isFound(String compiler, String options) throws Exception {
        CProgram.compileWith(compiler, "renames", folder, options);
        Map<String, Object> answer = json("./renames");
        Map<String, Object> rename = call(answer, "rename");
        assertEquals(false, rename.get("floor"), answer::toString);
        assertTrue(rename.get("path").toString().startsWith("./renames "), rename::toString);
        assertTrue(rename.get("path").toString().endsWith(" -> rename"), rename::toString);
        // The number goes through a register to syscall(2).
        assertFalse(call(answer, "sched_yield").isEmpty(), answer::toString);
        assertFalse(
                call(answer, "write").isEmpty() && call(answer, "writev").isEmpty(),
                answer::toString);
        assertTrue(call(answer, "ptrace").isEmpty(), answer::toString);
        assertFalse(((List<?>) answer.get("computed")).isEmpty(), answer::toString);
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
        reach("./renames --root none").assertRefusedBy("sandbox reach", 2, "--root: none: No");
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

    /** The dynamic linker itself says which file it takes. */
    @ParameterizedTest
    @CsvSource({"enable,", "enable,other", "disable,", "disable,other"})
    void library_isTheOneThatTheLinkerTakes(String tags, String variable) throws Exception {
        String script =
                "mkdir own other; echo 'void f(void) {}' >f.c; echo 'void f(void); int main(void) {"
                        + " f(); }' >main.c; for each in own other; do gcc -shared -fPIC -o"
                        + " $each/libf.so f.c; done; gcc -o main main.c -Lown -lf"
                        + " '-Wl,-rpath,$ORIGIN/own' $1";
        Child.shell(script, List.of("-Wl,--" + tags + "-new-dtags"))
                .in(folder)
                .run()
                .assertStatus(0);
        String path = variable == null ? "" : folder.resolve(variable).toString();
        Finished linked = Child.of("./main").in(folder).with(traced(path)).run();
        Finished done =
                Child.of("sandbox-reach ./main --format json")
                        .in(folder)
                        .with(Map.of("LD_LIBRARY_PATH", path, "XDG_CACHE_HOME", cache.toString()))
                        .run()
                        .assertStatus(0);
        Object files = JSON.std.mapFrom(done.out()).get("files");
        String expected = linked.out().replaceAll("(?s).*libf\\.so => (\\S+) .*", "$1");
        assertTrue(expected.endsWith("/libf.so"), linked::toString);
        assertTrue(((List<?>) files).contains(expected), () -> expected + ": " + files);
    }

    private static Map<String, String> traced(String libraryPath) {
        return Map.of("LD_TRACE_LOADED_OBJECTS", "1", "LD_LIBRARY_PATH", libraryPath);
    }

    @Test
    void why_ofAnImport_showsThePathInThreeLines() throws Exception {
        CProgram.compile("renames", folder);
        Finished done = reach("./renames --why rename").assertStatus(0);
        List<String> lines = done.out().lines().toList();
        assertEquals("./renames imports rename -> libc rename -> rename", lines.get(0));
        assertTrue(
                lines.get(1)
                        .matches("  \\./renames\\+0x[0-9a-f]+ main\\+0x[0-9a-f]+ +imports rename"),
                lines::toString);
        assertTrue(
                lines.get(2)
                        .matches(
                                "  /.*/libc\\.so\\.6\\+0x[0-9a-f]+ rename\\+0x[0-9a-f]+ +makes"
                                        + " rename"),
                lines::toString);
        assertEquals(3, lines.size());
    }

    @Test
    void why_ofWhatNothingLeadsTo_hasStatusOne() throws Exception {
        CProgram.compile("renames", folder);
        reach("./renames --why ptrace").assertRefusedBy("sandbox reach", 1, "ptrace: no path");
        reach("./renames --why nosuch")
                .assertRefusedBy("sandbox reach", 2, "nosuch: no such system call on x86_64");
    }

    @Test
    void policy_leavesOutWhatItAllows_andNamesWhatCannotBeReached() throws Exception {
        CProgram.compile("renames", folder);
        Files.writeString(
                folder.resolve("p.env"), "SECCOMP_SYSCALL_ALLOW=\"read:rename:ptrace\"\n");
        Map<String, Object> answer = json("./renames --policy p.env");
        assertEquals(true, call(answer, "rename").get("allowed"));
        assertEquals(false, call(answer, "sched_yield").get("allowed"));
        assertEquals(List.of("ptrace"), answer.get("unreachable"));
        String text = reach("./renames --policy p.env").out();
        assertFalse(text.contains("rename: exercise"), text);
        assertTrue(text.contains("candidates to remove): ptrace\n"), text);
        assertTrue(
                text.matches(
                        "(?s).*\n"
                            + "allowed 3, reachable [0-9]+, floor [0-9]+, yours and not exercised"
                            + " [0-9]+\n"),
                text);
    }

    @Test
    void text_ofALargeProgram_hasAtMostFortyLines() throws Exception {
        Finished done = reach("bash").assertStatus(0);
        assertTrue(done.out().lines().count() <= 40, done::out);
        assertTrue(done.out().startsWith("/"), "found in PATH: " + done.out());
    }

    @Test
    void recording_marksWhatWasSeen() throws Exception {
        CProgram.compile("renames", folder);
        Files.writeString(folder.resolve("a"), "");
        learn("./renames a b");
        Map<String, Object> answer = json("./renames --evidence r.json");
        assertEquals(true, call(answer, "rename").get("seen"), answer::toString);
        assertEquals(false, call(answer, "sched_yield").get("seen"), answer::toString);
        String text = reach("./renames --evidence r.json").out();
        assertFalse(text.contains("rename: exercise"), text);
        assertTrue(text.contains(" that no recorded run made:\n"), text);
    }

    /**
     * Changes the recording as if the program had made ptrace(2), number 101, to which no code
     * leads, instead of rename.
     */
    @Test
    void callThatARecordingShows_isNeverACandidateToRemove() throws Exception {
        CProgram.compile("renames", folder);
        Files.writeString(folder.resolve("a"), "");
        learn("./renames a b");
        assertFalse(reach("./renames --evidence r.json").out().contains("fault"));
        Path recording = folder.resolve("r.json");
        String text = Files.readString(recording);
        String changed = text.replaceAll("(\"number\" ?: ?)82\\b", "$1101");
        assertFalse(text.equals(changed), text);
        Files.writeString(recording, changed);
        Files.writeString(folder.resolve("p.env"), "SECCOMP_SYSCALL_ALLOW=\"read:acct:ptrace\"\n");
        Map<String, Object> answer = json("./renames --policy p.env --evidence r.json");
        assertEquals(List.of("acct"), answer.get("unreachable"));
        assertEquals(true, call(answer, "ptrace").get("seen"), answer::toString);
        String notes = answer.get("notes").toString();
        assertTrue(notes.contains("ptrace. This is a fault of the analysis"), notes);
    }

    /** The library only refers to the call, so that no call comes from its code. */
    @Test
    void recording_tellsLibrariesThatTheProgramLoadsByItself() throws Exception {
        Files.writeString(
                folder.resolve("f.c"), "#include <unistd.h>\nint f(void) { return getpgid(0); }\n");
        Files.writeString(
                folder.resolve("main.c"),
                "#include <dlfcn.h>\n"
                        + "int main(void) { return !dlopen(\"./libf.so\", RTLD_NOW); }\n");
        Child.shell("gcc -shared -fPIC -o libf.so f.c && gcc -o main main.c", List.of())
                .in(folder)
                .run()
                .assertStatus(0);
        assertTrue(call(json("./main"), "getpgid").isEmpty());
        learn("./main");
        Map<String, Object> answer = json("./main --evidence r.json");
        String library = folder.toRealPath().resolve("libf.so").toString();
        assertTrue(((List<?>) answer.get("files")).contains(library), answer::toString);
        assertTrue(
                call(answer, "getpgid").get("path").toString().startsWith("libf "),
                answer::toString);
        assertFalse(answer.get("notes").toString().contains("may lack"), answer::toString);
        Files.delete(folder.resolve("libf.so"));
        String notes = json("./main --evidence r.json").get("notes").toString();
        assertTrue(notes.contains("that are not here: " + library), notes);
    }

    private void learn(String program) throws Exception {
        Learn.command("--source notify --from exec --recording r.json " + program)
                .in(folder)
                .run()
                .assertStatus(0);
    }

    @Test
    void brokenCache_isMadeAnew() throws Exception {
        CProgram.compile("renames", folder);
        Finished first = reach("./renames");
        try (var kept = Files.list(cache.resolve("sandbox/reach"))) {
            for (Path each : kept.toList()) {
                Files.writeString(each, "broken");
            }
        }
        assertEquals(first, reach("./renames"));
    }

    @Test
    void badInput_isRefusedWithOneLine() throws Exception {
        Files.writeString(folder.resolve("text"), "hello");
        reach("./text").assertRefusedBy("sandbox reach", 2, "./text: not an ELF file");
        reach("nosuchprogram")
                .assertRefusedBy("sandbox reach", 2, "nosuchprogram: not found in PATH");
        reach("/").assertRefusedBy("sandbox reach", 2, "/: not a regular file");
        reach("true --evidence text").assertRefusedBy("sandbox reach", 2, "not a recording");
        reach("true --with nothing.so").assertRefusedBy("sandbox reach", 2, "nothing.so");
    }
}

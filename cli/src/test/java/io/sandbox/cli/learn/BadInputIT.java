// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.SyscallNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes and unusual input: the messages and statuses that a shell user expects. */
final class BadInputIT {
    @TempDir private Path folder;

    private Path marker;

    @BeforeEach
    void prepare() throws IOException {
        LiveKernel.requireRoot();
        marker = folder.resolve("ran");
    }

    private Path executable(String name, String text) throws IOException {
        return executable(name, text.getBytes(UTF_8));
    }

    private Path executable(String name, byte[] contents) throws IOException {
        Path file = Files.write(folder.resolve(name), contents);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void assertNotRun() {
        assertFalse(Files.exists(marker), "the program ran");
    }

    // Programs that cannot be started.

    @Test
    void noProgram() throws Exception {
        Learn.command().run().assertRefused(125, "no program");
        Learn.command("-q", "--").run().assertRefused(125, "no program");
    }

    @ParameterizedTest
    @CsvSource({"ls /, leave the quotes out", "cd, it is built into the shell"})
    void wordThatIsNoProgram_isExplained(String word, String hint) throws Exception {
        Learn.command(word, "x").run().assertRefused(127, word + ": not found", hint);
    }

    @Test
    void formatOfAnotherName_isNamed() throws Exception {
        Learn.command("--to", "docker", "true").run().assertRefused(125, "is named oci");
    }

    /** In the path of the installation, at which only LD_PRELOAD is split. */
    @Test
    void blankInOurPath_isNoMatterFromExec() throws Exception {
        Path home = folder.resolve("our home");
        Child.of("cp", "-r", Dist.command("sandbox").getParent().toString(), home.toString()).run();
        String learn = home.resolve("sandbox-learn").toString();
        assertEquals(0, Child.of(learn, "true").run().status());
        Child.of(learn, "--from", "preload", "true").run().assertRefused(125, "has a blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sandbox-learn", "sandbox-log"})
    void javaThatIsMissing_isSaidWithWhatToDo(String command) throws Exception {
        Child.of(Dist.command(command).toString(), "true")
                .with("JAVA_HOME", "/nonexistent")
                .run()
                .assertRefusedBy(
                        command.replace('-', ' '), 125, "/nonexistent/bin/java", "set JAVA_HOME");
    }

    /** The caller's JAVA_HOME would say what runs as root. */
    @Test
    void setuidCaller_isRefused() throws Exception {
        Learn.open(folder);
        Path caller = Files.copy(Path.of("/usr/bin/env"), folder.resolve("env"));
        Files.setAttribute(caller, "unix:mode", 0104755);
        for (String command : List.of("sandbox-learn", "sandbox-log")) {
            List<String> words = new ArrayList<>(Learn.nobody());
            words.addAll(List.of(caller.toString(), Dist.command(command).toString(), "true"));
            Child.of(words)
                    .run()
                    .assertRefusedBy(command.replace('-', ' '), 125, "set-user-ID program");
        }
    }

    /** Java would open its own files under these numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"0<&-", "2>&-", "0<&- 1>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"})
    void closedDescriptors_javaStarts(String closed) throws Exception {
        String log = Dist.command("sandbox-log") + " /dev/null " + closed;
        Finished run = Child.of("/bin/sh", "-c", log).run();
        assertEquals(1, run.status(), run::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense", "--source=nonsense", "--to=nonsense", "-o"})
    void wrongOption_isOneLine(String option) throws Exception {
        Learn.command(option).run().assertRefused(125, "--help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "./missing",
                "missing-program-of-no-name",
                "",
                "/etc/passwd/x",
                "missing/program"
            })
    void missingProgram(String name) throws Exception {
        Learn.command("--", name).in(folder).run().assertRefused(127, "not found");
    }

    /** A shell does this too: only a name with a slash is found in the working folder. */
    @Test
    void programInWorkingFolder_isNotFoundByBareName() throws Exception {
        executable("prog", "#!/bin/sh\n");
        Learn.command("prog").in(folder).run().assertRefused(127, "prog");
    }

    @Test
    void notExecutable() throws Exception {
        Path file = Files.writeString(folder.resolve("text"), "#!/bin/sh\n: > " + marker + "\n");
        Learn.command(file.toString()).run().assertRefused(126, file.toString(), "not executable");
        assertNotRun();
    }

    @Test
    void directory() throws Exception {
        Learn.command(folder.toString()).run().assertRefused(126, folder.toString(), "directory");
        Learn.command("/").run().assertRefused(126, "/: is a directory");
    }

    @Test
    void anotherArchitecture() throws Exception {
        // The header of a 64-bit little-endian executable (elf(5)) for EM_AARCH64 = 183.
        ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        header.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        header.putShort((short) 2).putShort((short) 183).putInt(1);
        header.position(52);
        header.putShort((short) 64).putShort((short) 56);
        Path file = executable("arm", header.array());
        Learn.command(file.toString()).run().assertRefused(126, "built for aarch64");
    }

    @Test
    void missingInterpreter() throws Exception {
        Path file = executable("script", "#!/no/such/interpreter -x\n: > " + marker + "\n");
        Learn.command(file.toString())
                .run()
                .assertRefused(126, file.toString(), "/no/such/interpreter", "not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#!", "#!\n", "#!   \nexit 3\n"})
    void emptyInterpreter(String text) throws Exception {
        Learn.command(executable("script", text).toString())
                .run()
                .assertRefused(126, "no interpreter");
    }

    @Test
    void interpretersWithoutEnd() throws Exception {
        Path file = folder.resolve("loop");
        executable("loop", "#!" + file + "\n");
        Learn.command(file.toString()).run().assertRefused(126, "too many interpreters");
    }

    @Test
    void cutExecutable() throws Exception {
        byte[] head = new byte[100];
        System.arraycopy(
                Files.readAllBytes(LiveKernel.requireProgram("ls")), 0, head, 0, head.length);
        Finished run = Learn.command(executable("cut", head).toString()).run();
        assertTrue(run.status() == 125 || run.status() == 126, run::toString);
        run.assertRefused(run.status(), "cut");
    }

    // Programs that the library cannot reach: one line and no run, never an empty list.

    private void assertRefusedAndNotRun(Path program, String... words) throws Exception {
        Learn.command("--from", "preload", program.toString(), marker.toString())
                .run()
                .assertRefused(125, words);
        assertNotRun();
        Path list = folder.resolve("list");
        Learn.command(
                        "--from",
                        "preload",
                        "-o",
                        list.toString(),
                        program.toString(),
                        marker.toString())
                .run()
                .assertRefused(125, words);
        assertNotRun();
        assertFalse(Files.exists(list), "a list was written");
    }

    @Test
    void staticExecutable_isRefused() throws Exception {
        assertRefusedAndNotRun(CProgram.compile("marker", folder, "-static"), "statically linked");
    }

    @Test
    void staticPieExecutable_isRefused() throws Exception {
        assertRefusedAndNotRun(
                CProgram.compile("marker", folder, "-static-pie"), "statically linked");
    }

    @Test
    void setuidToAnother_isRefused() throws Exception {
        Path program = CProgram.compile("marker", folder);
        Files.setAttribute(program, "unix:uid", 65534);
        Files.setAttribute(program, "unix:mode", 0104755);
        assertRefusedAndNotRun(program, "privileges", "--from exec");
    }

    @Test
    void setgidToAnother_isRefused() throws Exception {
        Path program = CProgram.compile("marker", folder);
        Files.setAttribute(program, "unix:gid", 65534);
        Files.setAttribute(program, "unix:mode", 0102755);
        assertRefusedAndNotRun(program, "privileges");
    }

    @Test
    void fileCapabilities_areSaidToBeWithoutEffect() throws Exception {
        Learn.open(folder);
        Path program = CProgram.compile("marker", folder);
        String setcap = LiveKernel.requireProgram("setcap").toString();
        assertEquals(0, Child.of(setcap, "cap_net_raw+ep", program.toString()).run().status());
        String setpriv = LiveKernel.requireProgram("setpriv").toString();
        List<String> command =
                new ArrayList<>(
                        List.of(setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"));
        List<String> learning =
                Learn.words(List.of("--from", "exec", program.toString(), marker.toString()));
        command.addAll(learning);
        Finished byNobody = Child.of(command).run();
        assertEquals(0, byNobody.status(), byNobody::toString);
        String message = program + ": ran without its file capabilities";
        assertTrue(byNobody.err().contains(message), byNobody::toString);
        Finished byRoot = Child.of(learning).run();
        assertEquals(0, byRoot.status(), byRoot::toString);
        assertFalse(byRoot.err().contains(message), byRoot::toString);
    }

    @Test
    void muslExecutable_isRefused() throws Exception {
        Path program = CProgram.compileWith("musl-gcc", "marker", folder);
        assertRefusedAndNotRun(program, "ld-musl");
        assertRefusedAndNotRun(program, "(--from exec can)");
    }

    @Test
    void staticMuslExecutable_isRefused() throws Exception {
        assertRefusedAndNotRun(
                CProgram.compileWith("musl-gcc", "marker", folder, "-static"), "statically linked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-no-pie", "-static"})
    void i386Executable_isRefused(String option) throws Exception {
        Finished compiled = CProgram.tryCompile("gcc", "marker", folder, "-m32", option);
        LiveKernel.require(compiled.status() == 0, "gcc -m32 does not work: " + compiled.err());
        assertRefusedAndNotRun(folder.resolve("marker"), "i386", "--from exec");
    }

    @Test
    void scriptForStaticInterpreter_isRefused() throws Exception {
        Path interpreter = CProgram.compile("marker", folder, "-static");
        assertRefusedAndNotRun(
                executable("script", "#!" + interpreter + "\n"), "statically linked");
    }

    // Programs that run.

    @Test
    void scriptWithoutInterpreterLine_isRunBySh() throws Exception {
        Path file = executable("script", "echo \"$0 $1\" >&2\nexit 7\n");
        Finished run = Learn.command("-q", file.toString(), "an argument").run();
        assertEquals(7, run.status(), run::toString);
        assertEquals(file + " an argument\n", run.err());
        assertTrue(SyscallNames.parse(run.out()).contains("exit_group"));
    }

    @Test
    void emptyExecutable_isRunBySh() throws Exception {
        Finished run = Learn.command("-q", executable("script", "").toString()).run();
        assertEquals(0, run.status(), run::toString);
        assertFalse(SyscallNames.parse(run.out()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"KILL, 137", "TERM, 143", "SEGV, 139", "INT, 130", "PIPE, 141"})
    void killedBySignal_is128PlusNAndPrintsTheList(String signal, int status) throws Exception {
        String script =
                "import os, signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL);"
                        + " signal.signal(signal.SIGINT, signal.SIG_DFL); os.kill(os.getpid(),"
                        + " signal.SIG"
                        + signal
                        + ")";
        String python = LiveKernel.requireProgram("python3").toString();
        Finished run =
                Child.shell(
                                "ulimit -c 0; exec \"$@\"",
                                Learn.words(List.of("-q", python, "-c", script)))
                        .run();
        assertEquals(status, run.status(), run::toString);
        assertTrue(SyscallNames.parse(run.out()).contains("kill"), run::out);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 42, 124, 125, 126, 127, 128, 255})
    void exitStatus_passesThrough(int status) throws Exception {
        Finished run = Learn.command("-q", "sh", "-c", "exit " + status).run();
        assertEquals(status, run.status(), run::toString);
        assertEquals(
                Set.of("exit_group"),
                SyscallNames.parse(run.out()).stream()
                        .filter(name -> name.equals("exit_group"))
                        .collect(java.util.stream.Collectors.toSet()));
        assertEquals("", run.err());
    }

    @Test
    void standardInput_reachesTheProgramByteForByte() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Path list = folder.resolve("list");
        Finished run = Learn.command("-q", "-o", list.toString(), "cat").input(bytes).run();
        assertEquals(0, run.status(), run::err);
        assertArrayEquals(bytes, run.out().getBytes(ISO_8859_1));
    }

    @Test
    void standardInputFromPipe_isNotReadByUs() throws Exception {
        // The program reads the first line; the rest stays for the next reader.
        Finished run =
                Child.shell(
                                "printf 'one\\ntwo\\nthree\\n' | { \"$@\" 2>/dev/null; cat; }",
                                Learn.words(
                                        List.of(
                                                "-q",
                                                "-o",
                                                folder.resolve("list").toString(),
                                                "sh",
                                                "-c",
                                                "read x; echo got $x")))
                        .run();
        assertEquals("got one\ntwo\nthree\n", run.out());
    }

    @Test
    void programsOutput_goesToStandardErrorUnlessTheListGoesToAFile() throws Exception {
        Finished run = Learn.command("-q", "echo", "hello").run();
        assertEquals("hello\n", run.err());
        assertTrue(SyscallNames.parse(run.out()).contains("write"));
        run = Learn.command("-q", "-o", folder.resolve("list").toString(), "echo", "hello").run();
        assertEquals("", run.err());
        assertEquals("hello\n", run.out());
    }

    // The file of the list.

    @ParameterizedTest
    @ValueSource(strings = {">&-", ">/dev/full"})
    void outputThatCannotBeWritten_is125(String redirection) throws Exception {
        Finished run =
                Child.shell("exec \"$@\" " + redirection, Learn.words(List.of("-q", "true"))).run();
        run.assertRefused(125, "standard output", "cannot write");
    }

    @Test
    void outputThatCannotBeWritten_andStandardErrorClosed_is125() throws Exception {
        Finished run =
                Child.shell("exec \"$@\" >&- 2>&-", Learn.words(List.of("-q", "true"))).run();
        assertEquals(125, run.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing/list", ".", "a-file/list"})
    void listFileThatCannotBeWritten_isSaidBeforeTheRun(String file) throws Exception {
        Files.createFile(folder.resolve("a-file"));
        Learn.command("-o", file, "touch", marker.toString())
                .in(folder)
                .run()
                .assertRefused(125, "cannot write");
        assertNotRun();
    }

    @Test
    void listFile_afterAFailure_isWhatItWas() throws Exception {
        Path list = Files.writeString(folder.resolve("list"), "before\n");
        Learn.command("-o", list.toString(), "./missing").run().assertRefused(127, "missing");
        assertEquals("before\n", Files.readString(list));
    }

    @Test
    void environmentFile_hasNoQuotes() throws Exception {
        Path list = folder.resolve("list");
        Finished run = Learn.command("-q", "--to", "envfile", "-o", list.toString(), "true").run();
        assertEquals(0, run.status(), run::err);
        assertTrue(
                Files.readString(list).matches("SECCOMP_SYSCALL_ALLOW=[a-z0-9_:]+\n"),
                () -> "list");
    }

    @Test
    void printedLine_loadsByEval() throws Exception {
        Finished run =
                Child.shell(
                                "eval \"$(\"$@\")\"; export SECCOMP_SYSCALL_ALLOW; SECCOMP_QUIET=1"
                                        + " LD_PRELOAD=\"$LIBRARY\" ls /",
                                Learn.words(List.of("-q", "ls", "/")))
                        .with("LIBRARY", Dist.library().toString())
                        .run();
        assertEquals(0, run.status(), run::toString);
        assertTrue(run.out().contains("proc\n"), run::out);
    }

    // Unusual text.

    /** Uses a shell, because Java cannot pass arguments that are no valid text. */
    private static final String ODD_ARGUMENTS =
            """
            exec "$@" ' two  blanks ' '"quoted"' "it's" 'new
            line' '
            ' -- @file @@x '${x}' '$x' '%s' '\\n' "$(printf '\\377\\376x')" "$(printf 'gr\\303\\274n')" '' --help -q -V a=b ''\
            """;

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8", "POSIX"})
    void oddArguments_reachTheProgramUnchanged(String locale) throws Exception {
        String program = CProgram.compile("arguments", folder).toString();
        Finished plain = Child.shell(ODD_ARGUMENTS, List.of(program)).with("LC_ALL", locale).run();
        assertTrue(plain.out().contains("= ff fe 78\n"), plain::out);
        List<List<String>> ways =
                List.of(
                        List.of("-q", "-o", folder.resolve("list").toString(), program),
                        List.of("-q", "-o", folder.resolve("list").toString(), "--", program));
        for (List<String> way : ways) {
            Finished run =
                    Child.shell(ODD_ARGUMENTS, Learn.words(way)).with("LC_ALL", locale).run();
            assertEquals(plain, run);
        }
    }

    @Test
    void optionsBehindTheProgram_areTheProgramsOwn() throws Exception {
        String program = CProgram.compile("arguments", folder).toString();
        String list = folder.resolve("list").toString();
        List<String> words = List.of("--", "a", "--help", "-o", "x", "--source", "nonsense", "--");
        List<String> plain = new ArrayList<>(List.of(program));
        plain.addAll(words);
        List<String> learn = new ArrayList<>(List.of("-q", "-o", list, program));
        learn.addAll(words);
        assertEquals(Child.of(plain).run(), Learn.command(learn).run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void pathThatIsNotAscii_works(String locale) throws Exception {
        CProgram.compile("arguments", folder);
        Finished run =
                Child.shell(
                                "d=$(printf 'gr\\303\\274n \\377'); mkdir \"$d\"; cp arguments"
                                        + " \"$d/prog\"; exec \"$@\" \"./$d/prog\" x",
                                Learn.words(List.of("-q", "-o", "list")))
                        .with("LC_ALL", locale)
                        .in(folder)
                        .run();
        assertEquals(0, run.status(), run::toString);
        assertEquals("= 2e 2f 67 72 c3 bc 6e 20 ff 2f 70 72 6f 67\n= 78\n", run.out());
        assertTrue(SyscallNames.parse(Files.readString(folder.resolve("list"))).contains("write"));
    }

    /**
     * The file must have the name that was asked for, whatever the locale, or be refused before the
     * run.
     */
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void listFileThatIsNotAscii_getsExactlyThatName(String locale) throws Exception {
        Finished run =
                Child.shell(
                                "d=$(printf 'gr\\303\\274n'); mkdir \"$d\"; \"$@\" -q -o"
                                        + " \"$d/list\" true || exit; cat \"$d/list\"",
                                Learn.words(List.of()))
                        .with("LC_ALL", locale)
                        .in(folder)
                        .run();
        assertEquals(0, run.status(), run::toString);
        assertTrue(SyscallNames.parse(run.out()).contains("exit_group"), run::out);
    }

    @Test
    void removedWorkingFolder_isNoObstacle() throws Exception {
        Finished run =
                Child.shell(
                                "mkdir gone; cd gone; rmdir ../gone; exec \"$@\"",
                                Learn.words(List.of("-q", "/bin/true")))
                        .in(folder)
                        .run();
        assertEquals(0, run.status(), run::toString);
        assertTrue(SyscallNames.parse(run.out()).contains("exit_group"), run::out);
    }

    @Test
    void usersOwnPreload_isKept() throws Exception {
        Finished run =
                Learn.command("-q", "sh", "-c", "echo \"$LD_PRELOAD\"")
                        .with("LD_PRELOAD", "libm.so.6")
                        .run();
        assertEquals(0, run.status(), run::toString);
        assertEquals("libm.so.6\n", run.err());
    }
}

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
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes and unusual input: the messages and statuses that a shell user expects. */
@MakesRecords
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
        Learn.command("").run().assertRefused(125, "no program");
        Learn.command("-q --").run().assertRefused(125, "no program");
    }

    @ParameterizedTest
    @CsvSource({"ls /, leave the quotes out", "cd, it is built into the shell"})
    void wordThatIsNoProgram_isExplained(String word, String hint) throws Exception {
        Learn.command("%s x", word).run().assertRefused(127, word + ": not found", hint);
    }

    @Test
    void formatOfAnotherName_isNamed() throws Exception {
        Learn.command("--to docker true").run().assertRefused(125, "is named oci");
    }

    /** In the path of the installation, at which only LD_PRELOAD is split. */
    @Test
    void blankInOurPath_isNoMatterFromExec() throws Exception {
        Path home = folder.resolve("our home");
        Child.of("cp -r %s %s", Dist.command("sandbox").getParent(), home).run();
        String learn = home.resolve("sandbox-learn").toString();
        Child.of("%s true", learn).run().assertStatus(0);
        Child.of("%s --from preload true", learn).run().assertRefused(125, "has a blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"learn", "log"})
    void javaThatIsMissing_isSaidWithWhatToDo(String verb) throws Exception {
        Child.of("sandbox %s true", verb)
                .with("JAVA_HOME", "/nonexistent")
                .run()
                .assertRefusedBy("sandbox " + verb, 125, "/nonexistent/bin/java", "set JAVA_HOME");
    }

    /** The caller's JAVA_HOME would say what runs as root. */
    @Test
    void setuidCaller_isRefused() throws Exception {
        Learn.open(folder);
        Path caller = Files.copy(Path.of("/usr/bin/env"), folder.resolve("env"));
        Files.setAttribute(caller, "unix:mode", 0104755);
        for (String verb : List.of("learn", "log")) {
            Child.of("%s %s sandbox %s true", Learn.nobody(), caller, verb)
                    .run()
                    .assertRefusedBy("sandbox " + verb, 125, "set-user-ID program");
        }
    }

    /** Java would open its own files under these numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"0<&-", "2>&-", "0<&- 1>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"})
    void closedDescriptors_javaStarts(String closed) throws Exception {
        String log = Dist.command("sandbox-log") + " /dev/null " + closed;
        Child.of("/bin/sh -c %s", log).run().assertStatus(1);
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
        Learn.command("-- %s", name).in(folder).run().assertRefused(127, "not found");
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
        Learn.command("%s", file).run().assertRefused(126, file.toString(), "not executable");
        assertNotRun();
    }

    @Test
    void directory() throws Exception {
        Learn.command("%s", folder).run().assertRefused(126, folder.toString(), "directory");
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
        Learn.command("%s", file).run().assertRefused(126, "built for aarch64");
    }

    /** FILE stands for the file itself. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "#!/no/such/interpreter -x|/no/such/interpreter: not found",
                "#!|no interpreter",
                "'#!   \nexit 3\n'|no interpreter",
                "#!FILE|too many interpreters"
            })
    void scriptWithoutInterpreter_isRefused(String text, String reason) throws Exception {
        String path = folder.resolve("script").toString();
        Path script = executable("script", text.replace("FILE", path) + "\n");
        Learn.command("%s", script).run().assertRefused(126, path, reason);
    }

    @Test
    void cutExecutable() throws Exception {
        byte[] head = new byte[100];
        System.arraycopy(
                Files.readAllBytes(LiveKernel.requireProgram("ls")), 0, head, 0, head.length);
        Finished run = Learn.command("%s", executable("cut", head)).run();
        assertTrue(run.status() == 125 || run.status() == 126, run::toString);
        run.assertRefused(run.status(), "cut");
    }

    // Programs that the library cannot reach: one line and no run, never an empty list.

    private void assertRefusedAndNotRun(Path program, String... words) throws Exception {
        Path list = folder.resolve("list");
        Learn.command("--from preload -o %s %s %s", list, program, marker)
                .run()
                .assertRefused(125, words);
        assertNotRun();
        assertFalse(Files.exists(list), "a list was written");
    }

    @ParameterizedTest
    @CsvSource({
        "gcc, -static, statically linked",
        "gcc, -static-pie, statically linked",
        "gcc, -m32 -no-pie, i386",
        "gcc, -m32 -static, i386",
        "musl-gcc, '', ld-musl",
        "musl-gcc, -static, statically linked"
    })
    void executableWithoutTheDynamicLinkerOfGlibc_isRefused(
            String compiler, String options, String reason) throws Exception {
        Path program = CProgram.compileWith(compiler, "marker", folder, options);
        assertRefusedAndNotRun(program, reason, "--from exec");
    }

    @Test
    void scriptForStaticInterpreter_isRefused() throws Exception {
        Path interpreter = CProgram.compile("marker", folder, "-static");
        assertRefusedAndNotRun(
                executable("script", "#!" + interpreter + "\n"), "statically linked");
    }

    @ParameterizedTest
    @CsvSource({"uid, 4755", "gid, 2755"})
    void programWithPrivilegesOfAnother_isRefused(String owner, String mode) throws Exception {
        Path program = CProgram.compile("marker", folder);
        Files.setAttribute(program, "unix:" + owner, 65534);
        Files.setAttribute(program, "unix:mode", Integer.parseInt("10" + mode, 8));
        assertRefusedAndNotRun(program, "privileges", "--from exec");
    }

    @Test
    void fileCapabilities_areSaidToBeWithoutEffect() throws Exception {
        Learn.open(folder);
        Path program = CProgram.compile("marker", folder);
        Path setcap = LiveKernel.requireProgram("setcap");
        Child.of("%s cap_net_raw+ep %s", setcap, program).run().assertStatus(0);
        List<String> learning = Learn.words("--from exec %s %s", program, marker);
        String message = program + ": ran without its file capabilities";
        Child.of("%s %s", Learn.asNobody(), learning).run().assertStatus(0).assertErr(message);
        Child.of(learning).run().assertStatus(0).assertErrLacks(message);
    }

    // Programs that run.

    @Test
    void scriptWithoutInterpreterLine_isRunBySh() throws Exception {
        Path file = executable("script", "echo \"$0 $1\" >&2\nexit 7\n");
        Learn.command("-q %s %s", file, "an argument")
                .run()
                .assertStatus(7)
                .assertErrIs(file + " an argument\n")
                .assertLists("exit_group");
    }

    @Test
    void emptyExecutable_isRunBySh() throws Exception {
        Finished run = Learn.command("-q %s", executable("script", "")).run().assertStatus(0);
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
        Child.shell("ulimit -c 0; exec \"$@\"", Learn.words("-q %s -c %s", python, script))
                .run()
                .assertStatus(status)
                .assertLists("kill");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 128, 255})
    void exitStatus_passesThrough(int status) throws Exception {
        Learn.command("-q sh -c %s", "exit " + status)
                .run()
                .assertStatus(status)
                .assertLists("exit_group")
                .assertNoErr();
    }

    @Test
    void standardInput_reachesTheProgramByteForByte() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Path list = folder.resolve("list");
        Finished run = Learn.command("-q -o %s cat", list).input(bytes).run().assertStatus(0);
        assertArrayEquals(bytes, run.out().getBytes(ISO_8859_1));
    }

    @Test
    void standardInputFromPipe_isNotReadByUs() throws Exception {
        // The program reads the first line; the rest stays for the next reader.
        Child.shell(
                        "printf 'one\\ntwo\\nthree\\n' | { \"$@\" 2>/dev/null; cat; }",
                        Learn.words(
                                "-q -o %s sh -c %s", folder.resolve("list"), "read x; echo got $x"))
                .run()
                .assertOutIs("got one\ntwo\nthree\n");
    }

    @Test
    void programsOutput_goesToStandardErrorUnlessTheListGoesToAFile() throws Exception {
        Finished run =
                Learn.command("-q echo hello").run().assertErrIs("hello\n").assertLists("write");
        run = Learn.command("-q -o %s echo hello", folder.resolve("list")).run();
        run.assertNoErr().assertOutIs("hello\n");
    }

    // The file of the list.

    @ParameterizedTest
    @ValueSource(strings = {">&-", ">/dev/full"})
    void outputThatCannotBeWritten_is125(String redirection) throws Exception {
        Child.shell("exec \"$@\" " + redirection, Learn.words("-q true"))
                .run()
                .assertRefused(125, "standard output", "cannot write");
    }

    @Test
    void outputThatCannotBeWritten_andStandardErrorClosed_is125() throws Exception {
        Child.shell("exec \"$@\" >&- 2>&-", Learn.words("-q true")).run().assertStatus(125);
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing/list", ".", "a-file/list"})
    void listFileThatCannotBeWritten_isSaidBeforeTheRun(String file) throws Exception {
        Files.createFile(folder.resolve("a-file"));
        Learn.command("-o %s touch %s", file, marker)
                .in(folder)
                .run()
                .assertRefused(125, "cannot write");
        assertNotRun();
    }

    @Test
    void listFile_afterAFailure_isWhatItWas() throws Exception {
        Path list = Files.writeString(folder.resolve("list"), "before\n");
        Learn.command("-o %s ./missing", list).run().assertRefused(127, "missing");
        assertEquals("before\n", Files.readString(list));
    }

    @Test
    void environmentFile_hasNoQuotes() throws Exception {
        Path list = folder.resolve("list");
        Learn.command("-q --to envfile -o %s true", list).run().assertStatus(0);
        assertTrue(
                Files.readString(list).matches("SECCOMP_SYSCALL_ALLOW=[^\"' ]+\n"), () -> "list");
    }

    @Test
    void printedLine_loadsByEval() throws Exception {
        Child.shell(
                        "eval \"$(\"$@\")\"; export SECCOMP_SYSCALL_ALLOW; SECCOMP_QUIET=1"
                                + " LD_PRELOAD=\"$LIBRARY\" ls /",
                        Learn.words("-q ls /"))
                .with("LIBRARY", Dist.library().toString())
                .run()
                .assertStatus(0)
                .assertOut("proc\n");
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
        Finished plain =
                Child.shell(ODD_ARGUMENTS, List.of(program))
                        .with("LC_ALL", locale)
                        .run()
                        .assertOut("= ff fe 78\n");
        List<List<String>> ways =
                List.of(
                        List.of("-q", "-o", folder.resolve("list").toString(), program),
                        List.of("-q", "-o", folder.resolve("list").toString(), "--", program));
        for (List<String> way : ways) {
            Finished run =
                    Child.shell(ODD_ARGUMENTS, Learn.words("%s", way)).with("LC_ALL", locale).run();
            assertEquals(plain, run);
        }
    }

    @Test
    void optionsBehindTheProgram_areTheProgramsOwn() throws Exception {
        String program = CProgram.compile("arguments", folder).toString();
        String list = folder.resolve("list").toString();
        List<String> words = List.of("--", "a", "--help", "-o", "x", "--source", "nonsense", "--");
        List<String> plain = Words.of("%s %s", program, words);
        assertEquals(
                Child.of(plain).run(), Learn.command("-q -o %s %s %s", list, program, words).run());
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void pathThatIsNotAscii_works(String locale) throws Exception {
        CProgram.compile("arguments", folder);
        Child.shell(
                        "d=$(printf 'gr\\303\\274n \\377'); mkdir \"$d\"; cp arguments"
                                + " \"$d/prog\"; exec \"$@\" \"./$d/prog\" x",
                        Learn.words("-q -o list"))
                .with("LC_ALL", locale)
                .in(folder)
                .run()
                .assertStatus(0)
                .assertOutIs("= 2e 2f 67 72 c3 bc 6e 20 ff 2f 70 72 6f 67\n= 78\n");
        assertTrue(SyscallNames.parse(Files.readString(folder.resolve("list"))).contains("write"));
    }

    /**
     * The file must have the name that was asked for, whatever the locale, or be refused before the
     * run.
     */
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void listFileThatIsNotAscii_getsExactlyThatName(String locale) throws Exception {
        Child.shell(
                        "d=$(printf 'gr\\303\\274n'); mkdir \"$d\"; \"$@\" -q -o"
                                + " \"$d/list\" true || exit; cat \"$d/list\"",
                        Learn.words(""))
                .with("LC_ALL", locale)
                .in(folder)
                .run()
                .assertStatus(0)
                .assertLists("exit_group");
    }

    @Test
    void removedWorkingFolder_isNoObstacle() throws Exception {
        Child.shell("mkdir gone; cd gone; rmdir ../gone; exec \"$@\"", Learn.words("-q /bin/true"))
                .in(folder)
                .run()
                .assertStatus(0)
                .assertLists("exit_group");
    }

    @Test
    void usersOwnPreload_isKept() throws Exception {
        Learn.command("-q sh -c %s", "echo \"$LD_PRELOAD\"")
                .with("LD_PRELOAD", "libm.so.6")
                .run()
                .assertStatus(0)
                .assertErrIs("libm.so.6\n");
    }
}

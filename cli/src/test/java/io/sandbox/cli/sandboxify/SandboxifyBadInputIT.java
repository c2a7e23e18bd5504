// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

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
import io.sandbox.cli.testing.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input for {@code sandboxify} and {@code sandbox-exec} gives one line. */
@MakesRecords
class SandboxifyBadInputIT {
    private static final int LINE_LIMIT = 400;

    @TempDir private Path folder;

    private static Child sandboxify(String line, Object... values) {
        return Child.of("sandboxify -q " + line, values);
    }

    /** Runs under a filter that allows the calls of these programs. */
    private Finished asNobody(String line, Object... values) throws Exception {
        LiveKernel.requireRoot();
        Learn.open(folder);
        List<String> words = Words.of("%s sandboxify -q --deny=acct", Learn.nobody());
        words.addAll(Words.of(line, values));
        return Child.of(words).run();
    }

    private Path executable(String name, byte[] contents) throws Exception {
        Path file = Files.write(folder.resolve(name), contents);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void assertShortLine(Finished run, int status, String... words) {
        run.assertRefusedBy("sandbox run", status, words);
        assertTrue(run.err().length() < LINE_LIMIT, run::err);
        assertTrue(run.err().strip().chars().allMatch(c -> c >= ' ' && c <= '~'), run::err);
    }

    /** libsandbox.so does this too; preload/tests/vectors/environment.tsv has the cases. */
    @ParameterizedTest
    @CsvSource({
        "SECCOMP_SYSCALL_DENY, getpid, getppid, 125",
        "SECCOMP_SYSCALL_DENY, getppid, '', 125",
        "SECCOMP_QUIET, 1, 0, 125",
        "SECCOMP_SYSCALL_DENY, acct, acct, 0"
    })
    void variableTwice_isRefusedIfItDiffers(String name, String one, String other, int status)
            throws Exception {
        Path twice = CProgram.compile("twice", folder);
        Finished run =
                Child.of("%s %s %s sandboxify true", twice, name + "=" + one, name + "=" + other)
                        .with(name.equals("SECCOMP_QUIET") ? "SECCOMP_SYSCALL_DENY" : "A", "acct")
                        .run();
        if (status == 0) {
            run.assertStatus(0);
        } else {
            assertShortLine(run, status, name, "set twice, and differently");
        }
    }

    @Test
    void compiledFilterFromTheEntry_isRefused() throws Exception {
        Path filter = folder.resolve("x.bpf");
        Finished run = sandboxify("--allow read --compile %s --from entry true", filter).run();
        assertShortLine(run, 125, "--compile", "--from entry");
        assertFalse(Files.exists(filter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wri\u001b[31mte", "read:wr\nite", "\t", "read:\u0007", "r\u00e9ad"})
    void controlCharactersInTheList_areNotPrinted(String list) throws Exception {
        Finished run = sandboxify("true").with("SECCOMP_SYSCALL_ALLOW", list).run();
        assertShortLine(run, 125, "SECCOMP_SYSCALL_ALLOW", "\\x");
    }

    /** MAX_ARG_STRLEN, 128 KiB, is the longest variable that execve(2) accepts. */
    @Test
    void longVariable_isNotShownWhole() throws Exception {
        String value = "a".repeat(120_000);
        assertShortLine(
                sandboxify("true").with("SECCOMP_SYSCALL_ALLOW", value).run(), 125, "aaa...");
        assertShortLine(
                sandboxify("true").with("SECCOMP_DEFAULT_ACTION", value).run(), 125, "aaa...");
        assertShortLine(sandboxify("%s true", "--" + value).run(), 125, "Unknown option", "...");
    }

    @Test
    void listOfAMegabyteInAFile_isNotShownWhole() throws Exception {
        Path policy = folder.resolve("policy");
        Files.writeString(policy, "SECCOMP_SYSCALL_ALLOW=" + "a".repeat(1 << 20) + "\n");
        assertShortLine(sandboxify("--policy %s true", policy).run(), 125, "aaa...");
    }

    @Test
    void hundredThousandEntries_sayOneCallOrAreTooMany() throws Exception {
        Path policy = folder.resolve("policy");
        Files.writeString(policy, "SECCOMP_SYSCALL_DENY=" + "mkdir:".repeat(100_000) + "\n");
        Finished run = sandboxify("--policy %s mkdir x", policy).in(folder).run().assertStatus(159);
        String numbers =
                IntStream.range(0, 100_000)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(":"));
        Files.writeString(policy, "SECCOMP_SYSCALL_ALLOW=" + numbers + "\n");
        assertShortLine(sandboxify("--policy %s true", policy).run(), 125, "4096");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing|No such file or directory",
                ".|Is a directory",
                "binary|neither UTF-8 text nor a compiled filter",
                "/dev/zero|too large"
            })
    void policyFile_thatIsNone_isRefusedInWords(String name, String reason) throws Exception {
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, 1});
        Path policy = folder.resolve(name);
        assertShortLine(sandboxify("--policy %s true", policy).run(), 125, name, reason);
    }

    @Test
    void dynamicLinkerMissing_isNamed() throws Exception {
        Path program =
                CProgram.compile("marker", folder, "-Wl,--dynamic-linker=/no/such/linker.so");
        Finished run = sandboxify("--deny acct %s %s", program, folder.resolve("made")).run();
        assertShortLine(run, 126, program.toString(), "/no/such/linker.so: not found");
    }

    @Test
    void dynamicLinkerOf32BitMissing_isSaid() throws Exception {
        Path compiled =
                CProgram.compile("marker", folder, "-m32 -Wl,--dynamic-linker=/no/such/linker.so");
        Path program = Files.move(compiled, folder.resolve("a\u001b[31mb"));
        Finished run = sandboxify("--deny acct %s %s", program, folder.resolve("made")).run();
        assertShortLine(run, 126, "/a?[31mb: ", "dynamic linker: not found");
    }

    /** Only execve(2) detects this, here under the filter. */
    @Test
    void dynamicLinkerOfAnUnreadableFileMissing_isSaid() throws Exception {
        Path program =
                CProgram.compile("marker", folder, "-Wl,--dynamic-linker=/no/such/linker.so");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("--x--x--x"));
        Finished run = asNobody("--load-then-exec %s", program);
        assertShortLine(run, 126, "dynamic linker: not found");
    }

    @Test
    void controlCharactersInFileNames_areNotPrinted() throws Exception {
        String exec = Dist.command("sandbox-exec").toString();
        Child.of("%s %s true", exec, "a\u001b[31mb\n\u009b")
                .in(folder)
                .run()
                .assertRefusedBy("sandbox-exec", 125, "a?[31mb???: No such file or directory");
    }

    @Test
    void fileOfNoKnownFormat_isNotExecutable() throws Exception {
        Path magic = executable("magic", new byte[] {0x7f, 'E', 'L', 'F'});
        assertShortLine(sandboxify("--deny acct %s", magic).run(), 126, "ELF", "header");
        Path garbage = executable("garbage", new byte[] {1, 2, 0, 3, '\n', 'x'});
        assertShortLine(sandboxify("--deny acct %s", garbage).run(), 126, "neither");
        Path text = executable("text", "echo ran\n".getBytes());
        assertEquals("ran\n", sandboxify("--deny acct %s", text).run().out());
        Path empty = executable("empty", new byte[0]);
        sandboxify("--deny acct %s", empty).run().assertStatus(0);
    }

    @Test
    void fileThatCannotBeRead_isRun() throws Exception {
        Path file = executable("closed", Files.readAllBytes(LiveKernel.requireProgram("echo")));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("--x--x--x"));
        asNobody("%s ran", file).assertOutIs("ran\n");
    }

    /** libseccomp before 2.6 needs such a file; without it, there is one line. */
    @Test
    void memfdUnavailable_worksOrIsSaid() throws Exception {
        Finished run =
                sandboxify(
                                "--deny memfd_create --action errno:ENOSYS %s -q --deny acct echo"
                                        + " ran",
                                Dist.command("sandboxify"))
                        .run();
        if (run.status() == 0) {
            run.assertOutIs("ran\n");
        } else {
            assertShortLine(run, 125, "memfd_create");
        }
    }

    @Test
    void compiledFilter_cutInTheMiddle_runsNothing() throws Exception {
        Path filter = folder.resolve("filter.bpf");
        sandboxify("--deny mkdir --compile %s", filter).run();
        byte[] whole = Files.readAllBytes(filter);
        for (int length = 0; length < whole.length; length += 4) {
            Path cut = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, length));
            Child.of("sandbox-exec %s mkdir x", cut)
                    .in(folder)
                    .run()
                    .assertRefusedBy("sandbox-exec", 125, "not a filter");
            assertFalse(Files.exists(folder.resolve("x")));
        }
    }

    @ParameterizedTest
    @CsvSource({"--help,Runs a program", "--version,sandbox "})
    void sandboxExec_help_isAResult(String option, String start) throws Exception {
        Finished run = Child.of("sandbox-exec %s", option).run().assertStatus(0);
        assertTrue(run.out().startsWith(start), run::out);
        run.assertNoErr();
    }

    @ParameterizedTest
    @CsvSource({
        "-x,-x: unknown option",
        "a.bpf,a.bpf: no program to run under it",
        "a.bpf --,a.bpf: no program to run under it",
        "'',FILTER: not given"
    })
    void sandboxExec_withoutAProgram_saysWhatIsWrong(String words, String reason) throws Exception {
        String exec = Dist.command("sandbox-exec").toString();
        Finished run = Child.shell("exec \"$1\" " + words, List.of(exec)).run().assertStatus(125);
        assertTrue(run.err().startsWith("sandbox-exec: " + reason + "\nUsage:"), run::err);
        run.assertNoOut();
    }
}

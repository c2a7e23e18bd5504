// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import static java.nio.charset.StandardCharsets.US_ASCII;
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
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real {@code sandboxify} on the real kernel, with lists of sandbox-learn. */
@MakesRecords
class SandboxifyIT {
    private static final int KILLED = 128 + 31;

    @TempDir private Path folder;

    private static Child sandboxify(String line, Object... values) {
        return Child.of("sandboxify " + line, values);
    }

    private String learn(String from, List<String> program) throws Exception {
        Path list = folder.resolve("list.env");
        Learn.command("-q --from %s --to envfile -o %s %s", from, list, program)
                .run()
                .assertStatus(0);
        return Files.readString(list).strip().split("=", 2)[1];
    }

    @ParameterizedTest
    @CsvSource({
        "exec,gcc,''",
        "entry,gcc,''",
        "exec,gcc,-static",
        "entry,gcc,-static",
        "exec,gcc,-static-pie",
        "exec,gcc,-m32",
        "entry,gcc,-m32",
        "exec,musl-gcc,-static",
        "exec,musl-gcc,''",
        "entry,musl-gcc,''"
    })
    void learnedList_isEnoughAndEachEntryIsNeeded(String from, String compiler, String option)
            throws Exception {
        LiveKernel.requireRoot();
        Path program = CProgram.compileWith(compiler, "marker", folder, option);
        Path marker = folder.resolve("made");
        List<String> command = List.of(program.toString(), marker.toString());
        String list = learn(from, command);
        Files.delete(marker);

        Finished run =
                sandboxify("-q --allow %s --from %s %s %s", list, from, program, marker)
                        .run()
                        .assertStatus(0);
        assertTrue(Files.exists(marker));
        Arch arch =
                SyscallDb.get().archByName(option.equals("-m32") ? "i386" : "x86_64").orElseThrow();
        for (String entry : list.split(":")) {
            String others = list.replaceFirst("(?<=^|:)" + Pattern.quote(entry) + "(:|$)", "");
            Files.deleteIfExists(marker);
            Child less =
                    from.equals("exec")
                            ? Child.of("sandbox-exec %s %s", compile(others, arch), command)
                            : sandboxify("-q --allow %s --from %s %s", others, from, command);
            Finished killed = less.run();
            assertEquals(KILLED, killed.status(), () -> "without " + entry + ": " + killed);
        }
        assertFalse(list.contains("execve"));
    }

    /** As sandboxify does, but a start of Java for each entry would take minutes. */
    private Path compile(String list, Arch arch) throws Exception {
        byte[] policy = ("SECCOMP_SYSCALL_ALLOW=" + list + "\n").getBytes(US_ASCII);
        PolicyDocument document = PolicyFormat.ENVFILE.read(policy).document();
        return Files.write(
                folder.resolve("filter.bpf"),
                new FilterCompiler().compile(document, arch.name(), arch).toBytes());
    }

    /** After the program was killed, nobody is left to say why. */
    @ParameterizedTest
    @CsvSource({
        "'',preload,exec,arch_prctl",
        "-static,exec,exec,",
        "'',exec,exec,",
        "'',entry,entry,",
        "-m32,entry,exec,set_thread_area",
        "-m32,exec,exec,"
    })
    void listThatBeginsLater_isSaidBeforehand(
            String option, String learned, String from, String lacks) throws Exception {
        LiveKernel.requireRoot();
        Path program = CProgram.compile("marker", folder, option);
        Path marker = folder.resolve("made");
        String list = learn(learned, List.of(program.toString(), marker.toString()));
        Files.deleteIfExists(marker);

        Finished run =
                sandboxify("-q --allow %s --from %s %s %s", list, from, program, marker)
                        .run()
                        .assertStatus(lacks == null ? 0 : KILLED);
        String message =
                "sandbox run: --allow lacks "
                        + lacks
                        + ", which almost every program makes when it starts, so the list may be"
                        + " one for libsandbox.so: sandbox learn makes one for sandbox run\n";
        run.assertErrIs(lacks == null ? "" : message);
    }

    /** A container of a distribution without glibc is such a place. */
    @Test
    void programInARootOfMusl_runsUnderItsList() throws Exception {
        LiveKernel.requireRoot();
        Path root = folder.resolve("root");
        Path libraries = Files.createDirectories(root.resolve("lib"));
        try (var linkers = Files.newDirectoryStream(Path.of("/lib"), "ld-musl-*")) {
            for (Path linker : linkers) {
                Files.copy(linker, libraries.resolve(linker.getFileName()));
            }
        }
        CProgram.compileWith("musl-gcc", "marker", root, "");
        Path marker = root.resolve("made");
        List<String> command = Words.of("chroot %s /marker /made", root);
        String list = learn("exec", command);
        Files.delete(marker);

        sandboxify("-q --allow %s --from exec %s", list, command).run().assertStatus(0);
        assertTrue(Files.exists(marker));
    }

    /**
     * The stricter of the two filters decides: the program's own for one call, ours for another.
     */
    @ParameterizedTest
    @CsvSource({"exec,seccomp", "exec,prctl", "entry,seccomp", "entry,prctl"})
    void programWithAFilterOfItsOwn_isUnderBoth(String from, String means) throws Exception {
        Path program = CProgram.compile("own_filter", folder);
        sandboxify("-q --deny mkdir --from %s %s %s", from, program, means)
                .in(folder)
                .run()
                .assertOutIs("getppid: 1\n")
                .assertStatus(KILLED);
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @Test
    void script_isConfinedByItsInterpreter() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\necho $1\n");
        assertTrue(script.toFile().setExecutable(true));
        sandboxify("-q --deny socket %s hello", script)
                .run()
                .assertOutIs("hello\n")
                .assertStatus(0);
    }

    @Test
    void process_keepsItsNumberAndHasNoChild() throws Exception {
        Finished run =
                Child.shell(
                                "sh -c 'echo $$; exec \"$@\"' sh \"$@\"",
                                List.of(
                                        Dist.command("sandboxify").toString(),
                                        "-q",
                                        "--deny",
                                        "socket",
                                        "/bin/sh",
                                        "-c",
                                        "echo $$; wait; grep -e Seccomp: -e TracerPid:"
                                                + " /proc/self/status"))
                        .run();
        List<String> lines = run.out().lines().toList();
        assertEquals(lines.get(0), lines.get(1));
        assertEquals(List.of("TracerPid:\t0", "Seccomp:\t2"), lines.subList(2, 4));
    }

    @Test
    void environment_policyIsReadAndTakenOut() throws Exception {
        sandboxify("env")
                .with(
                        Map.of(
                                "SECCOMP_SYSCALL_DENY", "socket",
                                "SECCOMP_DEFAULT_ACTION", "errno:EACCES"))
                .run()
                .assertErrIs("adding socket to the process seccomp filter\n")
                .assertOutLacks("SECCOMP_");
    }

    /** An existing tracer excludes ours, like Yama's scope 3. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec 9<\"$1\"; \"$0\" -q --policy /dev/fd/9 mkdir \"$1.d\"",
                "exec 3<\"$1\"; \"$0\" -q --policy=/dev/fd/3 -- mkdir \"$1.d\"",
                "\"$0\" -q --policy /dev/stdin mkdir \"$1.d\" <\"$1\"",
            })
    void policyOfADescriptor_isRead(String script) throws Exception {
        Path policy =
                Files.writeString(
                        folder.resolve("p.env"),
                        "SECCOMP_SYSCALL_DENY=mkdir\nSECCOMP_DEFAULT_ACTION=errno:ENOTEMPTY\n");
        String sandboxify = Dist.command("sandboxify").toString();
        Child.of("sh -c %s %s %s", script, sandboxify, policy)
                .run()
                .assertStatus(1)
                .assertErr("Directory not empty");
    }

    @Test
    void cannotBeTraced_isAllThatIsSaid() throws Exception {
        Child.of(
                        "%s -f -o /dev/null sandboxify --deny acct /bin/true",
                        LiveKernel.requireProgram("strace"))
                .run()
                .assertRefusedBy("sandbox run", 125, "traces it already");
    }

    @Test
    void manyCalls_areAllSaidBeforeTheProgramRuns() throws Exception {
        StringBuilder calls = new StringBuilder("acct");
        StringBuilder text = new StringBuilder("adding acct to the process seccomp filter\n");
        for (int number = 100_000; number < 102_000; number++) {
            calls.append(':').append(number);
            text.append("adding " + number + " to the process seccomp filter\n");
        }
        Finished run =
                sandboxify("sh -c %s", "echo ran >&2")
                        .with("SECCOMP_SYSCALL_DENY", calls.toString())
                        .run()
                        .assertErrIs(text + "ran\n");
        run = sandboxify("--deny acct sh -c %s", "echo ran >&2").run();
        run.assertErrIs("ran\n");
    }

    @Test
    void denied_withErrno_givesThatErrno() throws Exception {
        sandboxify("-q --deny mkdir --action errno:ENOSPC mkdir x")
                .in(folder)
                .with("LC_ALL", "C")
                .run()
                .assertStatus(1)
                .assertErr("No space left on device");
    }

    @Test
    void compiledFilter_runsWithoutJava() throws Exception {
        Path filter = folder.resolve("filter.bpf");
        sandboxify("--deny mkdir --compile %s", filter).run().assertStatus(0);
        Child.of("sandbox-exec %s mkdir x", filter).in(folder).run().assertStatus(KILLED);
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 12, 8 * 4097})
    void compiledFilter_notAFilter_isRefused(int size) throws Exception {
        Path filter = Files.write(folder.resolve("filter.bpf"), new byte[size]);
        Child.of("sandbox-exec %s true", filter)
                .run()
                .assertRefusedBy("sandbox-exec", 125, "not a filter");
    }

    @Test
    void compiledFilter_ofZeros_isRefusedByTheKernelBeforeTheRun() throws Exception {
        Path filter = Files.write(folder.resolve("filter.bpf"), new byte[80]);
        Child.of("sandbox-exec %s mkdir x", filter)
                .in(folder)
                .run()
                .assertRefusedBy("sandbox-exec", 125, "the kernel refuses it");
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @Test
    void loadThenExec_needsExecve() throws Exception {
        sandboxify("-q --deny execve --load-then-exec true").run().assertStatus(KILLED);
        sandboxify("-q --deny mkdir --load-then-exec true").run().assertStatus(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "125|no policy|true",
                "125|only one of|--allow read --deny write true",
                "125|: --allow: reed: unknown system call|--allow read:reed true",
                "125|: --deny: a+b: |--deny a+b true",
                "125|: --action: explode: |--deny mkdir --action explode true",
                "125|SECCOMP_SYSCALL_ALLOW in UNKNOWN: reed: |--policy UNKNOWN true",
                "125|BAD: SECCOMP_SYSCALL_ALLOW: a b: |--policy BAD true",
                "125|MALFORMED: line 1|--policy MALFORMED true",
                "125|cannot be read|--policy nothing true",
                "127|not found|--deny mkdir nothing-of-this-name",
                "126|is a directory|--deny mkdir /tmp",
                "125|no program|--deny mkdir",
                "125|Unknown option|--no-such-option true",
                "125|--from|--deny mkdir --from main true"
            })
    void mistake_isOneLineAndNothingRuns(int status, String word, String words) throws Exception {
        Files.writeString(folder.resolve("MALFORMED"), "SECCOMP_SYSCALL_ALLOW\n");
        Files.writeString(folder.resolve("UNKNOWN"), "SECCOMP_SYSCALL_ALLOW=\"reed\"\n");
        Files.writeString(folder.resolve("BAD"), "SECCOMP_SYSCALL_ALLOW=\"a b\"\n");
        sandboxify(words).in(folder).run().assertRefusedBy("sandbox run", status, word);
    }

    @Test
    void filterLongerThanTheKernelTakes_isRefused() throws Exception {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            list.append("read(arg0==").append(i).append(",arg1==").append(i).append("):");
        }
        sandboxify("-q --allow %s true", list).run().assertRefusedBy("sandbox run", 125, "4096");
    }

    @Test
    void compiledFilter_isReadByBubblewrap() throws Exception {
        LiveKernel.requireProgram("bwrap");
        Path filter = folder.resolve("filter.bpf");
        sandboxify("--deny mkdir --compile %s", filter).run().assertStatus(0);
        String script = "exec 9<\"$1\"; exec bwrap --dev-bind / / --seccomp 9 \"$2\" \"$3\"";
        Child.shell(script, List.of(filter.toString(), "mkdir", "x"))
                .in(folder)
                .run()
                .assertStatus(KILLED);
        Child.shell(script, List.of(filter.toString(), "echo", "x"))
                .in(folder)
                .run()
                .assertOutIs("x\n");
    }

    @Test
    void policyOption_actionOfTheEnvironmentIsNotUsed() throws Exception {
        Path policy = Files.writeString(folder.resolve("p.env"), "SECCOMP_SYSCALL_DENY=mkdir\n");
        sandboxify("-q --policy %s mkdir x", policy)
                .with("SECCOMP_DEFAULT_ACTION", "log")
                .in(folder)
                .run()
                .assertStatus(KILLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"errno", "errno:ECHILD", "errno:EINTR"})
    void compiledFilter_thatRefusesExit_isTriedWithoutAHang(String action) throws Exception {
        Path filter = folder.resolve("filter.bpf");
        sandboxify("--deny exit_group --action %s --compile %s", action, filter).run();
        Child.shell(
                        "trap '' CHLD; exec \"$@\"",
                        List.of(
                                Dist.command("sandbox-exec").toString(),
                                filter.toString(),
                                "perl",
                                "-e",
                                "kill 9, $$"))
                .run()
                .assertStatus(137);
    }

    /** Its own process could not see that Java has ended, and would wait for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"errno", "errno:ECHILD"})
    void outerFilterThatAnswersWait_isRefused(String action) throws Exception {
        Path inner = Dist.command("sandboxify");
        sandboxify("--deny wait4 --action %s -- %s -q --allow exit_group /bin/true", action, inner)
                .run()
                .assertStatus(125)
                .assertErr("answers wait4");
    }

    /** At any time of the signal, the program is not run, or the signal ends it. */
    @Test
    void terminated_atAnyMoment_endsWithThatSignal() throws Exception {
        String script =
                "for delay in 0.05 0.07 0.08 0.09 0.1 0.11 0.12 0.13 0.14 0.16; do \"$@\" & pid=$!;"
                        + " sleep $delay; kill -TERM $pid; wait $pid; echo $?; done";
        Child.shell(
                        script,
                        List.of(
                                Dist.command("sandboxify").toString(),
                                "-q",
                                "--deny",
                                "acct",
                                "sleep",
                                "3"))
                .run()
                .assertOutIs("143\n".repeat(10));
    }
}

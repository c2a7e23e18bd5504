// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs whose own protection refuses a call: the call is not made while they are recorded
 * either. See protects.c.
 */
final class OwnFilterIT {
    private static final String ENDED = "so the program was ended before that could happen";

    /** What protects.c needs besides mkdir. */
    private static final String NEEDED =
            """
            access
            arch_prctl
            brk
            clone
            clone3
            close
            execve
            exit
            exit_group
            fstat
            getpid
            getrandom
            gettid
            ioctl
            kill
            mmap
            mprotect
            munmap
            newfstatat
            openat
            pread64
            prctl
            prlimit64
            ptrace
            read
            rseq
            rt_sigaction
            rt_sigprocmask
            seccomp
            set_robust_list
            set_tid_address
            tgkill
            wait4
            """;

    @TempDir private Path folder;

    private Path program;
    private Path made;

    @BeforeEach
    void prepare() throws Exception {
        LiveKernel.requireRoot();
        program = CProgram.compile("protects", folder, "-pthread");
        made = folder.resolve("made");
        Learn.open(folder);
    }

    private Finished learn(List<String> prefix, String mode, String... options) throws Exception {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(Learn.words(List.of(options)));
        words.addAll(List.of(program.toString(), mode, made.toString()));
        return Child.of(words).run();
    }

    private void assertEnded(Finished run, String reason) {
        assertFalse(Files.exists(made), run::toString);
        assertEquals(125, run.status(), run::toString);
        assertEquals("", run.out(), run::toString);
        assertTrue(run.err().contains("incomplete, "), run::toString);
        assertTrue(run.err().contains(reason), run::toString);
        assertTrue(run.err().contains(ENDED), run::toString);
    }

    /** The protection that this program is about is not there by mistake. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "trace",
                "thread",
                "untraced",
                "zero",
                "computed",
                "second",
                "stops",
                "trap",
                "errno",
                "kill",
                "listener",
                "strict"
            })
    void unrecorded_callIsNotMade(String mode) throws Exception {
        assertEquals(
                0, Child.of(List.of(program.toString(), mode, made.toString())).run().status());
        assertFalse(Files.exists(made));
    }

    // Our filter would have precedence over the program's, so the program is ended.

    @ParameterizedTest
    @CsvSource({
        "trace, hand calls to a tracer",
        "thread, hand calls to a tracer",
        "untraced, hand calls to a tracer",
        "zero, hand calls to a tracer",
        "computed, cannot be read",
        "second, hand calls to a tracer",
        "listener, EBUSY",
        "strict, strict mode"
    })
    void notify_programIsEndedBeforeTheCall(String mode, String reason) throws Exception {
        assertEnded(learn(List.of(), mode, "--source", "notify"), reason);
    }

    @ParameterizedTest
    @CsvSource({
        "trace, hand calls to a tracer",
        "thread, hand calls to a tracer",
        "computed, cannot be read",
        "listener, EBUSY",
        "strict, strict mode"
    })
    void unprivilegedUser_programIsEndedBeforeTheCall(String mode, String reason) throws Exception {
        assertEnded(learn(Learn.nobody(), mode), reason);
    }

    @ParameterizedTest
    @CsvSource({"second, hand calls to a tracer", "listener, EBUSY", "strict, strict mode"})
    void audit_programIsEndedBeforeTheCall(String mode, String reason) throws Exception {
        assertEnded(learn(List.of(), mode, "--source", "audit"), reason);
    }

    /** The filter asks only about calls that the list refuses, and these are not made. */
    @ParameterizedTest
    @CsvSource({"'', trace", "mkdir, trace", "'', untraced", "mkdir, untraced", "'', listener"})
    void explained_callIsNotMade(String allowed, String mode) throws Exception {
        Path list = Files.writeString(folder.resolve("list"), NEEDED + allowed + "\n");
        Child.of(
                        Dist.command("sandbox").toString(),
                        "run",
                        "--explain",
                        "--policy",
                        list.toString(),
                        program.toString(),
                        mode,
                        made.toString())
                .run();
        assertFalse(Files.exists(made));
    }

    /** The filter that marks where the list begins forbids strict mode, and does so by SIGSYS. */
    @Test
    void bpf_programThatWantsStrictMode_isEndedAndTheRecordingIsIncomplete() throws Exception {
        Finished run = learn(List.of(), "strict", "--source", "bpf");
        assertFalse(Files.exists(made), run::toString);
        assertEquals(125, run.status(), run::toString);
        assertTrue(run.err().contains("ended by SIGSYS"), run::toString);
    }

    /** Runs that ask only about new calls still ask about each load of a filter. */
    @Test
    void notifyThatKnowsTheCalls_programIsEndedBeforeTheCall() throws Exception {
        Path known = folder.resolve("known.json");
        Finished first = learn(List.of(), "errno", "--source", "bpf", "--recording", "" + known);
        assertEquals(0, first.status(), first::toString);
        Finished run =
                learn(
                        List.of(),
                        "trace",
                        "--source",
                        "notify",
                        "--until-quiet",
                        "--merge",
                        "" + known);
        assertEnded(run, "hand calls to a tracer");
    }

    /** A tracer is asked before a call is logged, and then there is no record. */
    @ParameterizedTest
    @ValueSource(strings = {"trace", "thread", "untraced", "zero", "computed"})
    void audit_callIsNotMade_andTheRecordingIsIncomplete(String mode) throws Exception {
        Finished run = learn(List.of(), mode, "--source", "audit");
        assertFalse(Files.exists(made), run::toString);
        assertEquals(125, run.status(), run::toString);
        assertTrue(run.err().contains("to a tracer"), run::toString);
        assertFalse(run.err().contains(ENDED), run::toString);
    }

    // A source that has no precedence, or decides the same.

    @ParameterizedTest
    @CsvSource({
        "audit, stops",
        "audit, trap",
        "audit, errno",
        "audit, kill",
        "notify, stops",
        "notify, trap",
        "notify, errno",
        "notify, kill",
        "bpf, trace",
        "bpf, second",
        "bpf, stops",
        "bpf, trap",
        "bpf, errno",
        "bpf, kill",
        "bpf, listener",
        "bpf, strict"
    })
    void otherSources_callIsNotMade_andTheProgramGoesOn(String source, String mode)
            throws Exception {
        Finished run = learn(List.of(), mode, "--source", source);
        assertFalse(Files.exists(made), run::toString);
        assertFalse(run.err().contains(ENDED), run::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void questionsAboutTheKernel_loadNothing(String source) throws Exception {
        Finished run = learn(List.of(), "probe", "--source", source);
        assertTrue(Files.exists(made), run::toString);
        assertEquals(0, run.status(), run::toString);
        assertFalse(run.err().contains("filter of its own"), run::toString);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Words;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
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
@MakesRecords
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

    private Finished learn(List<String> prefix, String mode, String line, Object... values)
            throws Exception {
        List<String> options = Words.of(line, values);
        return Child.of("%s sandbox learn %s %s %s %s", prefix, options, program, mode, made).run();
    }

    private void assertEnded(Finished run, String reason) {
        assertFalse(Files.exists(made), run::toString);
        run.assertStatus(125).assertNoOut().assertErr("incomplete, ", reason, ENDED);
    }

    /** The protection that this program is about is not there by mistake. */
    @Table
    void unrecorded_callIsNotMade(String mode) throws Exception {
        Child.of("%s %s %s", program, mode, made).run().assertStatus(0);
        assertFalse(Files.exists(made));
    }

    // Our filter would have precedence over the program's, so the program is ended.

    @Table
    void notify_programIsEndedBeforeTheCall(String mode, String reason) throws Exception {
        assertEnded(learn(List.of(), mode, "--source notify"), reason);
    }

    @Table
    void unprivilegedUser_programIsEndedBeforeTheCall(String mode, String reason) throws Exception {
        assertEnded(learn(Learn.nobody(), mode, ""), reason);
    }

    @ParameterizedTest
    @CsvSource({"second, hand calls to a tracer", "listener, EBUSY", "strict, strict mode"})
    void audit_programIsEndedBeforeTheCall(String mode, String reason) throws Exception {
        assertEnded(learn(List.of(), mode, "--source audit"), reason);
    }

    /** The filter asks only about calls that are refused, and these are not made. */
    @Table
    void explained_callIsNotMade(String allowed, String mode, String reason) throws Exception {
        Path list = Files.writeString(folder.resolve("list"), NEEDED + allowed + "\n");
        Finished run =
                Child.of("sandbox run --explain --policy %s %s %s %s", list, program, mode, made)
                        .run();
        assertEquals(mode.equals("probe"), Files.exists(made), run::toString);
        run.assertErr(reason);
    }

    /** The filter that marks where the list begins forbids strict mode, and does so by SIGSYS. */
    @Test
    void bpf_programThatWantsStrictMode_isEndedAndTheRecordingIsIncomplete() throws Exception {
        Finished run = learn(List.of(), "strict", "--source bpf");
        assertFalse(Files.exists(made), run::toString);
        run.assertStatus(125).assertErr("ended by SIGSYS");
    }

    /** Runs that ask only about new calls still ask about each load of a filter. */
    @Test
    void notifyThatKnowsTheCalls_programIsEndedBeforeTheCall() throws Exception {
        Path known = folder.resolve("known.json");
        learn(List.of(), "errno", "--source bpf --recording %s", "" + known).assertStatus(0);
        Finished run =
                learn(List.of(), "trace", "--source notify --until-quiet --merge %s", "" + known);
        assertEnded(run, "hand calls to a tracer");
    }

    /** A tracer is asked before a call is logged, and then there is no record. */
    @ParameterizedTest
    @ValueSource(strings = {"trace", "thread", "untraced", "zero", "computed"})
    void audit_callIsNotMade_andTheRecordingIsIncomplete(String mode) throws Exception {
        Finished run = learn(List.of(), mode, "--source audit");
        assertFalse(Files.exists(made), run::toString);
        run.assertStatus(125).assertErr("to a tracer").assertErrLacks(ENDED);
    }

    // A source that has no precedence, or decides the same.

    @Table
    void otherSources_callIsNotMade_andTheProgramGoesOn(String source, String mode)
            throws Exception {
        Finished run = learn(List.of(), mode, "--source %s", source);
        assertFalse(Files.exists(made), run::toString);
        run.assertErrLacks(ENDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void questionsAboutTheKernel_loadNothing(String source) throws Exception {
        Finished run = learn(List.of(), "probe", "--source %s", source);
        assertTrue(Files.exists(made), run::toString);
        run.assertStatus(0).assertErrLacks("filter of its own");
    }
}

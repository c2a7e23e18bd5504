// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.cli.testing.SyscallNames.learned;
import static io.sandbox.cli.testing.SyscallNames.plus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.NeedsQuietLog;
import io.sandbox.cli.testing.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code --source kmsg}, and with more records than a reader can take. */
@NeedsQuietLog
final class KernelLogIT extends AttributionCases {
    KernelLogIT() {
        super("kmsg");
    }

    @BeforeEach
    void requireKernelLog() throws Exception {
        LiveKernel.requireKernelLog();
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "kmsg"})
    void anotherProcessUnderItsOwnFilter_isNotInOurList(String source) throws Exception {
        Path flood = CProgram.compile("flood", folder);
        Set<String> alone = learned(Learn.command(calls.atOnce("plain", MINE)).run());
        Path done = folder.resolve("done");
        // An endless flood would overrun the kernel's log: there it is enough that the flood lies
        // in
        // the middle of the recording.
        String count = source.equals("audit") ? "2000000000" : "100";
        Child other =
                Child.of(
                                "%s %s %s %s %s",
                                flood, count, calls.ready("flood"), calls.go("flood"), done)
                        .with("LD_PRELOAD", Dist.library().toString())
                        .with("SECCOMP_SYSCALL_ALLOW", "")
                        .with("SECCOMP_DEFAULT_ACTION", "log")
                        .with("SECCOMP_QUIET", "1");
        List<String> program = calls.onGo("calls", MINE);
        try (Child.Running flooding = other.start();
                Child.Running learning =
                        Learn.command("--source %s -- %s", source, program).start()) {
            Until.exists(calls.ready("flood"));
            Until.exists(calls.ready("calls"));
            Files.createFile(calls.go("flood"));
            if (source.equals("kmsg")) {
                Until.exists(done);
            }
            Files.createFile(calls.go("calls"));
            Set<String> list = learned(learning.await());
            flooding.handle().destroyForcibly();
            assertTrue(list.contains(MINE), list::toString);
            assertFalse(list.contains("getppid"), list::toString);
            assertEquals(
                    plus(alone, "openat", "access", "clock_nanosleep", "close"),
                    plus(list, "clock_nanosleep"));
        }
    }

    /**
     * A process may write to the kernel's log, and the kernel marks what it did not write itself.
     * The number 163 is acct.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "<5>", "<0>", "<2053>", "<13>"})
    void recordForgedInTheLog_isNoRecord(String priority) throws Exception {
        String forge =
                """
                read ses < /proc/self/sessionid
                line="audit: type=1326 audit(1700000000.123:4567): auid=0 uid=0 gid=0 ses=$ses pid=$$ comm=\\"sh\\""
                line="$line exe=\\"/usr/bin/dash\\" sig=0 arch=c000003e syscall=163 compat=0 ip=0x7f0 code=0x7ffc0000"
                printf '%s%s forged-by-test\\n' "$1" "$line" > /dev/kmsg || exit 9
                printf '%sfirst\\n%s\\n' "$1" "$line" > /dev/kmsg || exit 9
                """;
        Set<String> list = learned(learn(shell(forge, List.of(priority))).run());
        assertFalse(list.contains("acct"), list::toString);
        Child.of("dmesg")
                .run()
                .assertOut("syscall=163 compat=0 ip=0x7f0 code=0x7ffc0000 forged-by-test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preload", "exec"})
    void callsThatAreHandedToATracer_areIncomplete(String from) throws Exception {
        Path program = CProgram.compile("escape", folder);
        Learn.command("--source kmsg --from %s %s trace %s/file", from, program, folder)
                .run()
                .assertStatus(125)
                .assertNoOut()
                .assertErr("sandbox learn: incomplete, ", "hand calls to a tracer");
    }

    @Test
    void variablesOfAPolicy_areNotLeftToTheProgram() throws Exception {
        StartStateIT.assertNoVariablesAreLeft("exec", "kmsg", folder);
    }

    /** The limit keeps ten records of each run; it takes several to see all. */
    @Test
    void untilQuiet_underTheLimit_getsTheWholeList() throws Exception {
        Set<String> whole = learned(Learn.command("ls /").run());
        Finished run =
                Learn.command("--source kmsg --keep-limits --until-quiet ls /")
                        .run()
                        .assertErr("run 1: ");
        assertTrue(run.err().lines().anyMatch(line -> line.endsWith("incomplete")), run::err);
        assertEquals(whole, learned(run));
    }

    @Test
    void check_lostRecords_areNotTheSame() throws Exception {
        Files.writeString(folder.resolve("p"), "exit_group\ngetppid\nwrite\n");
        String script = "i=0; while [ $i -lt 300 ]; do : >f; i=$((i + 1)); done";
        Child.of(
                        "sandbox check --from preload --policy p --source kmsg --keep-limits sh -c"
                                + " %s",
                        script)
                .in(folder)
                .run()
                .assertStatus(2)
                .assertOut("incomplete, ");
    }

    /** See {@link KillIT}. */
    @Test
    void signals_whileTheLimitIsLifted_itIsPutBack() throws Exception {
        KillIT.build();
        KillIT.assertHolds("learn kmsg", 4);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static io.sandbox.cli.testing.SyscallNames.learned;
import static io.sandbox.cli.testing.SyscallNames.plus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.CallsProgram;
import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What must hold of each source of records: the list has every call of the target and its
 * descendants, and of no other process. The programs make calls that neither the C library nor a
 * shell makes.
 */
abstract class AttributionCases {
    /** Harmless with zeros as arguments: they only read something or fail. */
    static final String MINE = "getpriority";

    private static final String OTHERS = "times";

    @TempDir Path folder;

    CallsProgram calls;
    private final String source;

    AttributionCases(String source) {
        this.source = source;
    }

    @BeforeEach
    void compileCalls() throws Exception {
        LiveKernel.requireRoot();
        calls = CallsProgram.in(folder);
    }

    Child learn(List<String> program) {
        return Learn.command("--source %s -- %s", source, program);
    }

    static List<String> shell(String script, List<String> words) {
        return Child.shellWords(script, words);
    }

    @Test
    void twoRecordingsAtOnce_areExactAndDifferent() throws Exception {
        // A process that waits makes some more calls than one that does not.
        Files.createFile(calls.go("alone"));
        Set<String> alone =
                plus(learned(Learn.command(calls.onGo("alone")).run()), "clock_nanosleep");
        try (Child.Running first = learn(calls.onGo("first", MINE)).start();
                Child.Running second = learn(calls.onGo("second", OTHERS)).start()) {
            Until.exists(calls.ready("first"));
            Until.exists(calls.ready("second"));
            Files.createFile(calls.go("first"));
            Files.createFile(calls.go("second"));
            assertEquals(plus(alone, MINE), plus(learned(first.await()), "clock_nanosleep"));
            assertEquals(plus(alone, OTHERS), plus(learned(second.await()), "clock_nanosleep"));
        }
    }

    /** The middle process ends before its child does anything, and the program ends too. */
    @Test
    void daemonThatOutlivesTheProgram_isFollowedToItsEnd() throws Exception {
        List<String> daemon =
                shell(
                        "(setsid \"$@\" </dev/null >/dev/null 2>&1 &); exit 3",
                        calls.onGo("daemon", MINE));
        try (Child.Running learning = learn(daemon).start()) {
            Until.exists(calls.ready("daemon"));
            Until.holds("the daemon is told of", () -> learning.err().contains("goes on"));
            assertTrue(learning.handle().isAlive());
            assertEquals("", learning.out(), "a list before the end");
            Files.createFile(calls.go("daemon"));
            Finished run = learning.await().assertStatus(3);
            assertTrue(SyscallNames.parse(run.out()).contains(MINE), run::out);
        }
    }

    @Test
    void nameThatLooksLikeAField_changesNothing() throws Exception {
        Set<String> plain = learned(Learn.command(calls.atOnce("plain", MINE)).run());
        Set<String> list = learned(learn(calls.atOnce("rename", MINE)).run());
        assertEquals(plus(plain, "prctl"), list);
    }
}

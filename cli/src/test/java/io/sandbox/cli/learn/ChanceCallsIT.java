// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.SyscallNames;
import io.sandbox.cli.testing.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a list has for what a runtime calls by chance. */
@MakesRecords
final class ChanceCallsIT {
    @TempDir private Path folder;

    private Finished learn(String line, Object... values) throws Exception {
        LiveKernel.requireRoot();
        return Learn.command(line, values).in(folder).run();
    }

    /** They are never added without being asked for, but a list until nothing is new asks. */
    @Test
    void chanceCalls_ofAProgramWithThreads_areNamedAndAddedOnRequest() throws Exception {
        LiveKernel.requireProgram("python3");
        String threads = "import threading; t = threading.Thread(); t.start(); t.join()";
        Finished plain = learn("python3 -c %s", threads);
        assertFalse(SyscallNames.learned(plain).contains("sched_yield"));
        plain.assertErr(" has threads, and its runtime makes ", "sched_yield");
        assertFalse(learn("-q python3 -c %s", threads).err().contains("has threads"));
        Finished added = learn("--chance-calls python3 -c %s", threads);
        assertTrue(
                SyscallNames.learned(added)
                        .containsAll(Set.of("sched_yield", "madvise", "restart_syscall")));
        added.assertOut("# sched_yield: added, a thread that spins").assertErrLacks("has threads");
        learn("--until-quiet --quiet-runs 1 python3 -c %s", threads)
                .assertOut("# sched_yield: added, a thread that spins")
                .assertErr(" has threads", "sched_yield", " (--exact leaves them out)");
        learn("--until-quiet --quiet-runs 1 --exact python3 -c %s", threads)
                .assertOutLacks("sched_yield")
                .assertErrLacks("has threads");
    }

    @Test
    void chanceCalls_ofAProgramThatForks_areNotNamed() throws Exception {
        String bash = LiveKernel.requireProgram("bash").toString();
        learn("%s -c %s", bash, "ls | cat; (:); x=$(true); true & wait")
                .assertErrLacks("has threads");
        learn("--until-quiet --quiet-runs 1 %s -c :", bash)
                .assertOutLacks("sched_yield")
                .assertErrLacks("has threads");
    }

    /** Its file makes the next JVM look for it by kill(2), which no usual run shows. */
    @Test
    void jvm_startsUnderItsListAfterAnotherWasKilled() throws Exception {
        String java = LiveKernel.requireProgram("java").toString();
        Path list = folder.resolve("list");
        String waits =
                "class Waits { public static void main(String[] a) throws Exception {"
                        + " Thread.sleep(60_000); } }";
        Files.writeString(folder.resolve("Waits.java"), waits);
        learn("--until-quiet --quiet-runs 1 -o %s %s -Xint -version", list, java).assertStatus(0);
        for (int i = 0; i < 3; i++) {
            try (Child.Running killed =
                    Child.of("%s -XX:+UsePerfData Waits.java", java).in(folder).start()) {
                Path file =
                        Path.of("/tmp/hsperfdata_" + System.getProperty("user.name"))
                                .resolve(Long.toString(killed.handle().pid()));
                Until.holds("the JVM has begun", () -> Files.exists(file));
                killed.handle().destroyForcibly();
                killed.await();
                assertTrue(Files.exists(file));
                Child.of("sandbox run -q --policy %s %s -Xint -version", list, java)
                        .run()
                        .assertStatus(0);
                assertFalse(Files.exists(file));
            }
        }
    }
}

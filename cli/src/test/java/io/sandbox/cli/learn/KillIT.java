// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sends signals at random moments to all processes involved; preload/tests/kill/kill_test.c says
 * what must hold. A failing run prints its seed. {@code scripts/fuzz kill} makes many more tries.
 */
final class KillIT {
    private static final Path PRELOAD = Path.of("../preload").toAbsolutePath().normalize();
    private static final Path PROGRAMS = PRELOAD.resolve("target/tests/kill");

    @BeforeAll
    static void build() throws Exception {
        LiveKernel.requireRoot();
        LiveKernel.require(
                System.getProperty("os.arch").equals("amd64"), "the program is for x86_64");
        Finished made = Child.of("make", "-s", "-C", PRELOAD.toString(), "kill").run();
        assertEquals(0, made.status(), made::toString);
    }

    @ParameterizedTest
    @CsvSource({"sandboxify,18", "learn audit,18", "learn notify,18", "sandbox-check,6"})
    void signals_atRandomMoments_neitherUnfilteredNorIncompleteNorLeftovers(
            String modes, String tries) throws Exception {
        assertHolds(modes, tries);
    }

    @ParameterizedTest
    @CsvSource({"learn kmsg,10"})
    void signals_whileALimitIsLifted_itIsPutBack(String modes, String tries) throws Exception {
        LiveKernel.requireKernelLog();
        assertHolds(modes, tries);
    }

    @ParameterizedTest
    @CsvSource({"learn bpf,8"})
    void signals_whileTheKernelCounts_neitherIncompleteNorLeftovers(String modes, String tries)
            throws Exception {
        LiveKernel.requireBpf();
        assertHolds(modes, tries);
    }

    private static void assertHolds(String modes, String tries) throws Exception {
        Finished run =
                Child.of(
                                PROGRAMS.resolve("kill_test").toString(),
                                "-n",
                                tries,
                                "-m",
                                modes,
                                "-d",
                                Dist.learn().getParent().toString(),
                                PROGRAMS.toString(),
                                Dist.command("sandbox-exec").toString(),
                                Dist.library().toString())
                        .run();
        assertEquals(0, run.status(), run::out);
        assertTrue(run.out().endsWith(tries + " passed, 0 failed\n"), run::out);
    }
}

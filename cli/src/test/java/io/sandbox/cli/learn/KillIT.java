// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;

/**
 * Sends signals at random moments to all processes involved; preload/tests/kill/kill_test.c says
 * what must hold. A failing run prints its seed. {@code scripts/fuzz kill} makes many more tries.
 */
@MakesRecords
final class KillIT {
    private static final Path PRELOAD = Path.of("../preload").toAbsolutePath().normalize();
    private static final Path PROGRAMS = PRELOAD.resolve("target/tests/kill");

    @BeforeAll
    static void build() throws Exception {
        LiveKernel.requireRoot();
        LiveKernel.require(
                System.getProperty("os.arch").equals("amd64"), "the program is for x86_64");
        Child.of("make -s -C %s kill", PRELOAD).run().assertStatus(0);
    }

    @Table
    void signals_atRandomMoments_neitherUnfilteredNorIncompleteNorLeftovers(String modes, int tries)
            throws Exception {
        if (modes.endsWith("bpf")) {
            LiveKernel.requireBpf();
        }
        assertHolds(modes, tries);
    }

    static void assertHolds(String modes, int tries) throws Exception {
        Finished run =
                Child.of(
                                "%s -n %s -m %s -d %s %s sandbox-exec %s",
                                PROGRAMS.resolve("kill_test"),
                                tries,
                                modes,
                                Dist.learn().getParent(),
                                PROGRAMS,
                                Dist.library())
                        .run()
                        .assertStatus(0);
        assertTrue(run.out().endsWith(tries + " passed, 0 failed\n"), run::out);
    }
}

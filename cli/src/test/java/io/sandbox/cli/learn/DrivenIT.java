// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.Terminal;
import io.sandbox.cli.testing.Until;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that each run waits for, exercises, reloads and stops. */
@MakesRecords
final class DrivenIT {
    @TempDir private Path folder;

    private String port;
    private String server;

    @BeforeEach
    void prepare() throws IOException {
        LiveKernel.requireRoot();
        server = LiveKernel.requireProgram("python3").toRealPath() + " server.py ";
        try (InputStream in = Terminal.class.getResourceAsStream("server.py")) {
            Files.write(folder.resolve("server.py"), in.readAllBytes());
        }
        try (ServerSocket free = new ServerSocket(0)) {
            port = Integer.toString(free.getLocalPort());
        }
    }

    /**
     * Runs a command on the server.
     *
     * @param line the command and its options
     * @param exercise what "ask" stands for in them: the exercise, if the server is ready
     * @param words of the server, which come after its kind
     */
    private Finished drive(String line, String exercise, String words) throws Exception {
        return Child.of(
                        line.replace("PORT", port)
                                + " --exercise %s "
                                + server
                                + words.replace("PORT", port),
                        exercise.replace("ask", server + "ask").replace("PORT", port))
                .in(folder)
                .run();
    }

    private String told() throws IOException {
        return Files.readString(folder.resolve("log")).strip();
    }

    @Table
    void server_isExercisedInEachRunWhenItIsReady(
            String source, String ready, String kind, String place, String told) throws Exception {
        drive(
                        "sandbox learn --runs 2 --source " + source + " --ready " + ready,
                        "ask " + place,
                        kind + " " + place + " orderly")
                .assertStatus(0)
                .assertLists("accept4", "sendto")
                .assertOutLacks("execve");
        assertEquals((told + " ended ").repeat(2).strip(), told());
    }

    /** With a call that is made in every third run only. */
    @Test
    void series_drivesEachRunAndSaysHowTheyEnded() throws Exception {
        Finished run =
                drive(
                        "sandbox learn --until-quiet --quiet-runs 3 --verify --verify-runs 2"
                                + " --reload HUP --ready tcp:PORT",
                        "ask PORT",
                        "tcp PORT orderly rare");
        run.assertStatus(0)
                .assertLists("setpriority")
                .assertErr("of 2 runs under the list", "(each was ended by SIGTERM, and none in");
        // More than the eight that it takes, where runs are disturbed.
        assertTrue(told().matches("(started asked reloaded asked ended ?){8,}"), run::toString);
    }

    @ParameterizedTest
    @CsvSource({"ask PORT", "ask PORT; sleep 1"})
    void exerciseAfterWhichTheServerEnds_isNoEndBySignal(String exercise) throws Exception {
        drive("sandbox learn --verify --verify-runs 2 --ready tcp:PORT", exercise, "tcp PORT last")
                .assertStatus(0)
                .assertErr("verified: 2 of 2 runs")
                .assertErrLacks("each was ended by");
    }

    /** Without SO_REUSEADDR it cannot start while old connections have its port. */
    @Test
    void portThatIsHeld_isWaitedFor() throws Exception {
        drive("sandbox learn --runs 2 --ready tcp:PORT", "ask PORT", "tcp PORT held")
                .assertStatus(0)
                .assertErr("run 2: ");
        assertEquals("started asked started started asked", told());
    }

    @ParameterizedTest
    @CsvSource({
        "--ready tcp:PORT, ask PORT && exit 3, the exercise ended with status 3",
        "--ready tcp:PORT, ask PORT && sleep 60, the exercise went on when the program had ended",
        "--ready tcp:1 --ready-within 1s, true, tcp:1: not ready within 1 s",
    })
    void driverThatFails_provesNothing(String ready, String exercise, String reason)
            throws Exception {
        drive("sandbox learn --verify " + ready, exercise, "tcp PORT last")
                .assertStatus(125)
                .assertNoOut()
                .assertErr("sandbox learn: ", reason)
                .assertErrLacks("verified");
        Path list = Files.writeString(folder.resolve("list"), "SECCOMP_SYSCALL_ALLOW=read\n");
        drive("sandbox check --policy " + list + " " + ready, exercise, "tcp PORT last")
                .assertRefusedBy("sandbox check", 2, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "notify"})
    void interrupt_thatTheServerCatches_endsTheSeries(String source) throws Exception {
        try (Child.Running run =
                Child.of(
                                "sandbox learn --until-quiet --source %s --ready tcp:%s --exercise"
                                        + " %s "
                                        + server
                                        + "tcp %s orderly",
                                source,
                                port,
                                "touch asking; sleep 1",
                                port)
                        .in(folder)
                        .start()) {
            Until.exists(folder.resolve("asking"));
            Child.of("kill -s INT %s", run.handle().pid()).run();
            run.await().assertStatus(125).assertErr("the program was ended before");
        }
        assertEquals("started ended", told());
    }

    @Test
    void placeThatIsInUse_isRefusedBeforeTheStart() throws Exception {
        try (ServerSocket other = new ServerSocket(Integer.parseInt(port))) {
            assertTrue(other.isBound());
            drive("sandbox learn --ready tcp:PORT", "true", "tcp PORT")
                    .assertRefused(125, "tcp:" + port + ": something else listens there");
        }
        assertFalse(Files.exists(folder.resolve("log")));
    }
}

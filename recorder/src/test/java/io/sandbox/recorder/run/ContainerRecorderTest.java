// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Sign;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerRecorderTest {
    private static final int SIGTERM = 15;

    private final Process command = new ProcessBuilder("sleep", "1000").start();

    ContainerRecorderTest() throws IOException {}

    @AfterEach
    void destroy() {
        command.destroy();
    }

    private ContainerRecorder recorder(String... events) {
        return new ContainerRecorder(
                new SandboxExec(new Supervisor(command, events)),
                allowed -> CommandAddition.NOTHING,
                Optional.empty(),
                false,
                false,
                new QuietObserver());
    }

    /** Before the command runs, sandbox-exec has nobody to pass the signal on to but us. */
    @Test
    void record_requestIsOlderThanTheCommand_endsTheCommand() {
        ContainerRecorder recorder = recorder();
        Recorder.Result result = recorder.record(Plans.limited(10));
        assertEquals(SIGTERM, result.waitStatus());
        assertTrue(recorder.endWasRequested());
    }

    /** The calls are in no evidence, or not all: the third signal gives it up. */
    @ParameterizedTest
    @CsvSource({
        "unrecorded, 'somebody handed over what was refused, so its calls were not recorded'",
        "signal 15:signal 15, processes of the container were still running"
    })
    void record_refusedOrGivenUp_isIncomplete(String events, String why) {
        Run run = recorder(events.split(":")).record(Plans.limited(10)).run();
        assertTrue(Plans.causes(run).contains(why), run::toString);
    }

    /** Each container hands over one filter; who is not counted has loaded it unseen. */
    @ParameterizedTest
    @CsvSource({
        "false, false, 0, 1, 1, ''",
        "false, false, 0, 2, 3, ''",
        "false, false, 0, 2, 1, CONTAINER_ENTERED",
        "false, true, 0, 0, 0, NO_CONTAINER",
        "false, true, 126, 0, 0, NO_CONTAINER_FAILED",
        "true, false, 0, 1, 1, CONTAINER_STILL_RUNNING"
    })
    void signs_whatWasHandedOver(
            boolean abandoned,
            boolean isEmpty,
            int failed,
            int handedOver,
            int expected,
            String kinds) {
        List<Sign> signs =
                ContainerRecorder.signs(abandoned, isEmpty, failed, handedOver, expected).all();
        assertEquals(
                kinds,
                signs.stream().map(sign -> sign.kind().name()).collect(Collectors.joining()));
    }

    /** The user asks for the end before the command is started. */
    private static final class Supervisor extends FakeConversation {
        private final Process command;
        private boolean running;

        Supervisor(Process command, String... events) {
            this.command = command;
            messages.addAll(List.of(events));
            messages.add("signal " + SIGTERM);
        }

        /** None: poll(2) then waits for its whole time. */
        @Override
        public int descriptor() {
            return -1;
        }

        @Override
        public void send(String message) {
            running = message.equals("go");
            messages.add(running ? "running" : "process " + command.pid());
        }

        @Override
        public Optional<String> poll() {
            if (running && !command.isAlive()) {
                running = false;
                messages.add("ended " + (command.exitValue() - 128));
            }
            return Optional.ofNullable(messages.poll());
        }
    }
}

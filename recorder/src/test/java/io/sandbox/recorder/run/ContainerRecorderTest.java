// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is handed over: by whom, and what it means. */
final class ContainerRecorderTest {
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
        assertEquals(SIGTERM, recorder.record(Plans.limited(10)).waitStatus());
        assertTrue(recorder.endWasRequested());
    }

    /** The calls are in no evidence, or not all: the third signal gives it up. */
    @Table
    void record_refusedOrGivenUp_isIncomplete(String events, String why) {
        Run run = recorder(events.split(":")).record(Plans.limited(10)).run();
        assertTrue(Plans.causes(run).contains(why), run::toString);
    }

    /** Each container hands over one filter; who is not counted has loaded it unseen. */
    @Table
    void signs_ofContainers(
            boolean abandoned,
            boolean isEmpty,
            int failed,
            int handedOver,
            int expected,
            String kinds) {
        Signs signs = ContainerRecorder.signs(abandoned, isEmpty, failed, handedOver, expected);
        assertEquals(kinds, names(signs));
    }

    @Table
    void signs_ofOneContainer(boolean isEmpty, boolean outer, boolean running, String kinds) {
        assertEquals(kinds, names(ContainerRun.signs(new Signs(), isEmpty, outer, running)));
    }

    private static String names(Signs signs) {
        return signs.all().stream()
                .map(sign -> sign.kind().name())
                .collect(Collectors.joining(" "));
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

    private static Set<Integer> letters(String text) {
        Set<Integer> letters = new TreeSet<>();
        text.chars().forEach(letters::add);
        return letters;
    }

    /** Each letter is a process. */
    @Table
    void signs_ofServices(
            boolean isEmpty, String commands, int restarts, String handedOver, String expected) {
        List<Sign> signs =
                ServiceRecorder.signs(isEmpty, letters(commands), restarts, letters(handedOver))
                        .all();
        assertEquals(
                expected,
                signs.stream().map(sign -> sign.kind().name()).collect(Collectors.joining()));
    }

    // Whoever hands over a listener may say anything with it.

    /** The state that crun 1.21 sends. */
    private static final String CRUN =
            "{\"ociVersion\": \"0.2.0\", \"fds\": [\"seccompFd\"], \"pid\": 60949,"
                    + " \"metadata\": \"meta\", \"state\": {\"ociVersion\": \"0.2.0\","
                    + " \"id\": \"t1\", \"status\": \"creating\", \"pid\": 60949,"
                    + " \"bundle\": \"/b\"}}";

    /** Up to two pieces of the state are replaced by others. */
    @Table
    void parse_state_isOfARuntimeOrNot(String pieces, String others, int peer, String expected) {
        String[] right = pieces.split(" & ");
        String[] wrong = others.split(" & ", -1);
        String text = CRUN;
        for (int i = 0; i < right.length; i++) {
            text = text.replace(right[i], wrong[i]);
        }
        assertEquals(
                "ContainerState[" + expected + "]", ContainerState.parse(text, peer).toString());
    }

    @Test
    void nameIn_ofOneThatJoins_isItsId() {
        assertEquals(
                "web.service 3",
                ContainerState.nameIn("{\"fds\":[],\"state\":{\"id\":\"web.service 3\"}}"));
        for (String text : new String[] {"{}", "[]", "null", "{\"state\":{\"id\":3}}"}) {
            assertThrows(IllegalArgumentException.class, () -> ContainerState.nameIn(text), text);
        }
    }

    @Table
    void parse_rubbish_isRefusedWithTheReason(String right, String wrong, int peer, String reason) {
        String text = CRUN.replace(right, wrong);
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ContainerState.parse(text, peer),
                        text);
        assertTrue(refused.getMessage().startsWith(reason), refused::getMessage);
    }

    private static final String COPY = "/memfd:runc_cloned:/proc/self/exe (deleted)";

    private static ProgramEvidence program(String executable, CallEvidence... calls) {
        return new ProgramEvidence(executable, Evidence.X86_64, List.of(calls));
    }

    private static CallEvidence call(String name, long count) {
        return new CallEvidence(Evidence.number(name), count, 0);
    }

    @Test
    void namedAfter_callOfNobodyKnown_isTheRuntimesToo() {
        assertEquals(
                List.of(program("/usr/sbin/runc", call("close", 3), call("execve", 2))),
                ContainerRun.namedAfter(
                        Optional.of("/usr/sbin/runc"),
                        List.of(
                                program("", call("execve", 1)),
                                program(COPY, call("close", 3), call("execve", 1)))));
    }
}

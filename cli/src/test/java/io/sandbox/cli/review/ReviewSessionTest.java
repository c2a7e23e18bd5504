// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.output.Styled;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.Results;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.policy.format.PolicyEditor;
import io.sandbox.policy.format.Surroundings;
import io.sandbox.syscalldb.KernelVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReviewSessionTest {
    private static final String UNIT = "[Service]\nSystemCallFilter=read\n";
    private static final String LIST = "# of prog\nread\nsocket(arg0==1)\n";
    private static final String JSON =
            "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": [\n"
                    + "  {\"call\": \"read\", \"action\": \"allow\"}\n]}\n";

    private static final Circumstances HERE =
            new Circumstances("x86_64", Set.of(), KernelVersion.parse("6.18").orElseThrow());

    /** A policy in memory, and a user whose answers are known. */
    private static final class Desk implements ReviewSession.Place {
        private final String policy;
        private final Deque<String> answers;
        private final StringBuilder shown = new StringBuilder();
        private final List<Integer> kept = new ArrayList<>();

        Desk(String policy, String... answers) {
            this.policy = policy;
            this.answers = new ArrayDeque<>(List.of(answers));
        }

        void assertShown(String... texts) {
            for (String text : texts) {
                assertTrue(shown.indexOf(text) >= 0, () -> text + " in " + shown);
            }
        }

        void assertNotShown(String... texts) {
            for (String text : texts) {
                assertFalse(shown.indexOf(text) >= 0, () -> text + " in " + shown);
            }
        }

        @Override
        public Optional<String> ask(String prompt) {
            Optional<String> answer = Optional.ofNullable(answers.poll());
            shown.append(prompt).append('\n'); // without what a terminal would echo
            return answer;
        }

        @Override
        public void print(String text) {
            shown.append(text);
        }

        @Override
        public String text() {
            return policy;
        }

        @Override
        public String changed(PolicyEdit edit) {
            try {
                Surroundings around = Surroundings.on("x86_64");
                return PolicyEditor.edit(
                        policy.getBytes(UTF_8), Optional.empty(), around, edit, HERE);
            } catch (PolicyFormatException e) {
                throw CommandFailure.ownFailure(e.getMessage());
            }
        }

        @Override
        public void keep(Map<Finding, Decision> decisions) {
            kept.add(decisions.size());
        }

        @Override
        public String way(Finding finding) {
            return "the way to " + finding.name() + "\n";
        }
    }

    private static List<Finding> findings(Recording recording, String policy) {
        return Evidence.drift(recording, policy).calls().stream()
                .map(
                        call ->
                                new Finding(
                                        call,
                                        call.call().displayName().equals("socket")
                                                ? List.of("arg0==2", "arg0==10")
                                                : List.of(),
                                        Optional.of("f+0x1")))
                .sorted(Finding.BY_RISK)
                .toList();
    }

    private static ReviewSession session(Desk desk, String... calls) {
        return session(desk, findings(Evidence.calls(calls), desk.policy));
    }

    private static ReviewSession session(Desk desk, List<Finding> findings) {
        ReviewText text = new ReviewText(new Styled(false));
        return new ReviewSession(desk, "prog.list", "2026-11-26", findings, text);
    }

    @Test
    void calls_areAskedByRisk_andWrittenWithTheReason() {
        Desk desk = new Desk(LIST, "a", "a it opens its log", "y");
        ReviewSession session = session(desk, "openat", "ptrace", "read");
        assertEquals(ReviewSession.End.WRITE, session.run());
        assertEquals(
                "# of prog\nread\nsocket(arg0==1)\n"
                        .replace(
                                "read\n",
                                "openat  # reviewed 2026-11-26: it opens its log\n"
                                        + "ptrace  # reviewed 2026-11-26: seen 2 times in /bin/x\n"
                                        + "read\n"),
                session.changed());
        assertTrue(session.isWhole());
        assertEquals("2 allowed", session.sum());
        assertTrue(desk.shown.indexOf("1 of 2: ptrace") < desk.shown.indexOf("2 of 2: openat"));
        desk.assertShown("+openat  # reviewed");
    }

    @Test
    void refusal_withTheErrorThatIsAskedForOrGiven() {
        Desk desk = new Desk(JSON, "r", "", "r EACCES is not for us", "y");
        ReviewSession session = session(desk, "openat", "ptrace");
        assertEquals(ReviewSession.End.WRITE, session.run());
        assertTrue(
                session.changed()
                        .contains(
                                "{\"call\": \"ptrace\", \"action\": \"errno:EPERM\", \"reason\":"
                                        + " \"reviewed 2026-11-26: refused without a reason; seen 2"
                                        + " times in /bin/x\"}"),
                session::changed);
        assertTrue(
                session.changed()
                        .contains(
                                "\"errno:EACCES\", \"reason\": \"reviewed 2026-11-26: is not for"
                                        + " us\""));
        assertEquals("2 refused", session.sum());
        desk.assertShown(
                "The program made this call 2 times: test the program under the" + " policy.\n");
    }

    @Test
    void backAtTheError_leavesTheCallOpen() {
        Desk desk = new Desk(JSON, "r", "b", "a", "y");
        ReviewSession session = session(desk, "ptrace");
        assertEquals(ReviewSession.End.WRITE, session.run());
        assertEquals("1 allowed", session.sum());
        String shown = desk.shown.toString();
        desk.assertShown("call fail (b: back)? [EPERM] ");
        assertEquals(2, shown.split("1 of 1: ptrace", -1).length - 1, shown);
    }

    @Test
    void reason_staysUntilAnotherIsTyped() {
        Desk desk = new Desk(JSON, "a traces", "1", "r EPERM", "y");
        ReviewSession session = session(desk, "ptrace");
        assertEquals(ReviewSession.End.WRITE, session.run());
        assertTrue(session.changed().contains("2026-11-26: traces\""), session::changed);
        desk.assertShown("ptrace: refuse with EPERM: traces\n");
        Desk other = new Desk(JSON, "a traces", "1", "r EPERM never", "y");
        ReviewSession typed = session(other, "ptrace");
        typed.run();
        assertTrue(typed.changed().contains("2026-11-26: never\""), typed::changed);
    }

    @Test
    void yes_goesToTheEnd_andLeavesTheOthersOpen() {
        Desk desk = new Desk(LIST, "y", "a", "y", "y");
        ReviewSession session = session(desk, "ptrace", "openat", "bpf");
        assertEquals(ReviewSession.End.WRITE, session.run());
        assertEquals("1 allowed, 2 undecided", session.sum());
        desk.assertShown("Nothing is decided yet");
        desk.assertNotShown("3 of 3");
    }

    @Test
    void unknownError_isAskedAgain() {
        Desk desk = new Desk(JSON, "r EWHAT", "r", "99999", "r ENOSYS");
        ReviewSession session = session(desk, "ptrace");
        assertEquals(ReviewSession.End.KEEP, session.run());
        desk.assertShown("EWHAT: not an error");
        assertEquals(
                List.of(new Decision(Action.errno(38), false, "")),
                List.copyOf(session.decisions().values()));
    }

    @Test
    void whatTheFormatCannotSay_isSaidAtOnce() {
        Desk desk = new Desk(UNIT, "r", "n");
        ReviewSession session = session(desk, "ptrace");
        assertEquals(ReviewSession.End.DROP, session.run());
        desk.assertShown(
                "That is not possible: the format systemd cannot refuse a single" + " call",
                "n leaves the call undecided: ptrace is not allowed (kill).\n"
                        + "To refuse it with an error, review the policy in another"
                        + " format, such as json:\n"
                        + "sandbox policy convert prog.list --to json -o"
                        + " prog.list.json\n");
        desk.assertNotShown("Which error");
        desk.assertShown("nothing to write");
        assertEquals("1 undecided", session.sum());
    }

    @Test
    void seenArguments_areAllThatIsAllowed() {
        Desk desk = new Desk(LIST, "s", "y");
        ReviewSession session = session(desk, "socket");
        assertEquals(ReviewSession.End.WRITE, session.run());
        assertEquals(
                LIST
                        + "socket(arg0==2)  # reviewed 2026-11-26: seen 2 times in /bin/x\n"
                        + "socket(arg0==10)  # reviewed 2026-11-26: seen 2 times in /bin/x\n",
                session.changed());
        desk.assertShown("  with arg0==2 (AF_INET)\n");
    }

    @Test
    void argumentsThatNobodySaw_cannotBeAllowed() {
        Desk desk = new Desk(LIST, "s", "n", "s");
        assertEquals(ReviewSession.End.DROP, session(desk, "ptrace", "prctl").run());
        String shown = desk.shown.toString();
        assertTrue(shown.indexOf("never recorded") > shown.indexOf("ptrace is not"), shown);
        assertTrue(shown.indexOf("--args") > shown.indexOf("prctl is not"), shown);
        desk.assertNotShown("[s]een");
    }

    @Test
    void back_takesTheLastAnswerBack_andAsksAgain() {
        Desk desk = new Desk(LIST, "b", "a", "n", "b", "b", "n", "a", "y");
        ReviewSession session = session(desk, "openat", "ptrace");
        assertEquals(ReviewSession.End.WRITE, session.run());
        assertEquals("1 allowed, 1 undecided", session.sum());
        assertFalse(session.isWhole());
        assertTrue(session.changed().contains("openat"), session::changed);
        assertFalse(session.changed().contains("ptrace"), session::changed);
        assertEquals(List.of(1, 0, 1), desk.kept);
        desk.assertShown("no answer to take back");
    }

    @Test
    void number_goesToThatCall_andBackRestoresWhatWasDecidedThere() {
        Desk desk = new Desk(JSON, "a", "1", "r", "", "b", "7", "l", "n", "n", "q", "");
        ReviewSession session = session(desk, "ptrace", "openat");
        assertEquals(ReviewSession.End.DROP, session.run());
        desk.assertShown(
                "  decided: allow\n",
                "There are only 2 calls.\n",
                ">  1  high    ptrace  allow\n   2  medium  openat  -\n");
        assertEquals(List.of(1, 1, 1, 0), desk.kept);
    }

    @Test
    void endOfInput_keepsTheDecisions() {
        Desk desk = new Desk(LIST, "a");
        assertEquals(ReviewSession.End.KEEP, session(desk, "ptrace", "openat").run());
        Desk atTheQuestion = new Desk(LIST, "a", "a", "a", "x", "");
        assertEquals(ReviewSession.End.KEEP, session(atTheQuestion, "ptrace", "openat").run());
        Desk atTheError = new Desk(JSON, "a", "r");
        assertEquals(ReviewSession.End.KEEP, session(atTheError, "ptrace", "openat").run());
    }

    @Test
    void quit_asksWhetherToKeep() {
        assertEquals(
                ReviewSession.End.KEEP,
                session(new Desk(LIST, "a", "q", ""), "ptrace", "bpf").run());
        assertEquals(
                ReviewSession.End.DROP,
                session(new Desk(LIST, "a", "q", "n"), "ptrace", "bpf").run());
        assertEquals(ReviewSession.End.DROP, session(new Desk(LIST, "q"), "ptrace").run());
        assertEquals(
                ReviewSession.End.KEEP, session(new Desk(LIST, "a", "no", "y"), "ptrace").run());
        Desk unclear = new Desk(LIST, "a", "q", "q", "NO");
        assertEquals(ReviewSession.End.DROP, session(unclear, "ptrace", "bpf").run());
        unclear.assertShown("Type y to keep them");
    }

    @Test
    void resumedDecisions_areNotAskedAgain() {
        List<Finding> findings = findings(Evidence.calls("ptrace", "openat", "bpf"), UNIT);
        Desk desk = new Desk(UNIT, "b", "n", "y");
        ReviewSession session = session(desk, findings);
        assertTrue(session.resume(findings.get(0), new Decision(Action.ALLOW, false, "")));
        assertFalse(
                session.resume(findings.get(1), new Decision(Action.errno(1), false, "")),
                "systemd cannot say it");
        assertFalse(
                session.resume(findings.get(1), new Decision(Action.ALLOW, true, "")),
                "no arguments are known");
        assertTrue(session.resume(findings.get(2), new Decision(Action.ALLOW, false, "")));
        assertEquals(ReviewSession.End.WRITE, session.run());
        desk.assertNotShown("1 of 3");
        desk.assertShown("2 of 3", "type its number; n leaves it undecided.\n");
        desk.assertNotShown("3 of 3");
    }

    @Test
    void callOfAnotherArchitecture_cannotBeDecided() {
        Recording foreign =
                Recording.of(
                        Evidence.run("1", Evidence.program("/bin/x", Evidence.I386, List.of(4))));
        Desk desk = new Desk(LIST, "a");
        assertEquals(ReviewSession.End.DROP, session(desk, findings(foreign, LIST)).run());
        desk.assertShown("That is not possible: the policy must be about calls of i386");
    }

    @Test
    void everyLine_fitsIntoEightyColumns() {
        Desk desk =
                new Desk(LIST, "?", "l", "w", "x", "", "s", "r", "x", "a", "b", "a", "a", "d", "x");
        session(desk, "socket", "ptrace").run();
        desk.shown.toString().lines().forEach(line -> assertTrue(line.length() < 80, line));
        desk.assertShown("the way to ptrace\n");
    }

    private static List<String> hostile() {
        return Results.HOSTILE;
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileNames_reachNeitherTheTerminalNorThePolicy(String text) {
        List<CallDrift> calls = Results.hostile(text).drift().calls();
        List<Finding> findings =
                calls.stream()
                        .map(call -> new Finding(call, List.of(), Optional.of(text)))
                        .toList();
        String reason = text.strip().replaceAll("[\\s\\x85\\u2028\\u2029]+", " ");
        Desk desk = new Desk(LIST, "l", "a", "a " + reason, "d", "y");
        ReviewSession session = session(desk, findings);
        session.run();
        for (String made : List.of(desk.shown.toString(), session.changed())) {
            assertFalse(
                    made.codePoints()
                            .anyMatch(
                                    c ->
                                            c != '\n'
                                                    && Set.of(
                                                                    (int) Character.CONTROL,
                                                                    (int) Character.FORMAT,
                                                                    (int) Character.LINE_SEPARATOR)
                                                            .contains(Character.getType(c))),
                    made);
        }
        assertEquals(LIST.lines().count() + 2, session.changed().lines().count(), session::changed);
    }
}

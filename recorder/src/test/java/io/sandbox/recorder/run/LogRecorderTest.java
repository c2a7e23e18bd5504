// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static io.sandbox.recorder.run.FakeMachine.PID;
import static io.sandbox.recorder.run.FakeMachine.SESSION;
import static io.sandbox.recorder.run.Plans.arguments;
import static io.sandbox.recorder.run.Plans.causes;
import static io.sandbox.recorder.run.Plans.counts;
import static io.sandbox.recorder.run.Plans.lost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The conditions of a complete run: for each, a test fails if the recorder does not check it. */
class LogRecorderTest {
    private static final long OTHER = 50;

    private final QuietObserver observer = new QuietObserver();
    private final List<Hook> hooks = new ArrayList<>();
    private final FakeMachine machine = new FakeMachine();
    private final LogRecorder recorder = recorder(machine);
    private FakeListener asked = new FakeListener();
    private RunPlan plan = Plans.plan();

    private LogRecorder recorder(FakeMachine machine) {
        return new LogRecorder(new SandboxExec(machine), machine, machine, observer);
    }

    // Scenarios. The head of the table describes their words.

    /** What else happens at the canary, look or signal of this number. */
    private record Hook(String at, String number, List<Runnable> events, boolean finds) {
        boolean isFor(String what, int index) {
            return at.equals(what) && (number.equals("any") || number.equals("" + index));
        }
    }

    private Runnable event(String text) {
        String[] words = text.split(" ", 2);
        String rest = words[words.length - 1];
        return switch (words[0]) {
            case "call" -> () -> call(rest.split(" "));
            case "calls" ->
                    () ->
                            IntStream.range(1000, 1000 + Integer.parseInt(rest))
                                    .forEach(number -> machine.arrive(PID, SESSION, number));
            case "lose" -> () -> machine.lose(Long.parseLong(rest));
            case "left" -> () -> machine.say("left " + (PID + Integer.parseInt(rest)));
            case "mark" -> () -> machine.arrive(PID + 1, SESSION, wordOfFirst("guard", 5));
            case "nothing" -> () -> {};
            case "pass" -> () -> machine.passTime(Long.parseLong(rest));
            case "say" -> () -> machine.say(rest);
            case "repeat" -> () -> machine.arrive(7, 7, wordOfFirst("canary", 1));
            case "vanish" -> () -> machine.canariesVanish = true;
            case "ask" -> ask(rest);
            case "hang-up" -> asked::hangUp;
            default -> throw new AssertionError(text);
        };
    }

    private Runnable ask(String text) {
        long[] numbers = Arrays.stream(text.split(" ")).mapToLong(Long::decode).toArray();
        FakeListener now = asked;
        return () -> now.ask((int) numbers[0], Arrays.copyOfRange(numbers, 1, numbers.length));
    }

    private void call(String[] words) {
        int pid = PID;
        long session = SESSION;
        for (int i = 1; i < words.length; i += 2) {
            if (words[i].equals("of")) {
                pid += Integer.parseInt(words[i + 1]);
            } else {
                session = words[i + 1].equals("none") ? 0xffffffffL : Long.parseLong(words[i + 1]);
            }
        }
        machine.arrive(pid, session, Integer.parseInt(words[0]));
    }

    private List<Runnable> events(String text) {
        return Stream.of(text.split(", ")).map(this::event).toList();
    }

    private void prepare(String text) {
        String[] words = text.split(" ", 4);
        String rest = text.substring(text.indexOf(' ') + 1);
        switch (words[0]) {
            case "guarded" -> machine.asked = asked = new FakeListener();
            case "unheard" -> {
                machine.asked = new FakeListener();
                machine.tracerCame = false;
            }
            case "refused" -> machine.refusal = text;
            case "lost" -> machine.lose(Long.parseLong(rest));
            case "canary" -> assertTrue(recorder.canaryArrives());
            case "asked" -> ask(rest).run();
            case "taken-back" -> machine.thenTakenBack(Integer.parseInt(rest));
            case "end" -> machine.thenEnd();
            case "output" -> machine.output = rest;
            case "keep-output" -> plan = Plans.keepingOutput();
            case "detailed" -> plan = Plans.detailedFromExec();
            case "arguments" -> plan = Plans.withArguments();
            case "limit" -> plan = Plans.limited(Long.parseLong(rest));
            case "under" -> plan = plan.under(new RunFilter(false, List.of(rest)));
            case "enforced" -> plan = plan.under(new RunFilter(true, List.of(rest)));
            case "at" -> at(words[1], words[2], words[3]);
            case "times" ->
                    IntStream.range(0, Integer.parseInt(words[1]))
                            .forEach(i -> events(text.split(" ", 3)[2]).forEach(machine::then));
            default -> machine.then(event(text));
        }
    }

    private void at(String what, String number, String text) {
        List<Runnable> events = events(text);
        boolean finds = text.startsWith("left ");
        hooks.add(new Hook(what, number, finds ? events.subList(0, 1) : events, finds));
        if (finds) {
            hooks.add(
                    new Hook(
                            what,
                            number,
                            List.of(() -> events.stream().skip(1).forEach(machine::then)),
                            true));
        }
    }

    /** Runs what is to happen; false if the recorder finds a process. */
    private boolean happens(String what, int index) {
        List<Hook> now = hooks.stream().filter(hook -> hook.isFor(what, index)).toList();
        now.forEach(hook -> hook.events.forEach(Runnable::run));
        return now.stream().noneMatch(Hook::finds);
    }

    /** All that the last run has shown, apart from why it is incomplete. */
    private String facts(Recorder.Result result, boolean endWasRequested) {
        Run run = result.run();
        int distinct = counts(run).size();
        List<String> facts =
                new ArrayList<>(
                        List.of("calls " + (distinct > 10 ? distinct + " distinct" : counts(run))));
        facts.add("arguments " + arguments(run));
        facts.add("lost " + lost(run));
        facts.add("left " + observer.left.stream().map(pid -> pid - PID).toList());
        facts.add("made " + asked.made);
        facts.add("losses seen " + observer.lossesSeen);
        facts.add("status " + result.exitStatus());
        facts.add(
                "before entry "
                        + run.programs().stream()
                                .map(ProgramEvidence::calls)
                                .flatMap(List::stream)
                                .mapToLong(call -> call.beforeEntry().orElse(0))
                                .sum());
        facts.removeIf(
                fact ->
                        fact.endsWith(" 0")
                                || fact.endsWith(" []")
                                || fact.endsWith("s {}") && !fact.startsWith("calls"));
        for (String request : List.of("canary", "look", "guard", "follow", "end")) {
            List<String> sent =
                    machine.requests.stream().filter(line -> line.startsWith(request)).toList();
            facts.add(
                    request.matches("follow|end")
                            ? String.join(", ", sent)
                            : request + " x " + sent.size());
        }
        facts.add("processes " + result.processes());
        facts.add(result.timeIsUp() ? "time is up" : "");
        facts.add(result.sessionChanged() ? "session changed" : "");
        facts.add(result.outputChanged() ? "output changed" : "");
        facts.add(endWasRequested ? "end requested" : "");
        facts.add(asked.closed ? "listener closed" : "");
        facts.removeIf(String::isEmpty);
        return String.join("; ", facts);
    }

    @Table
    void record_scenario_hasItsFactsAndCauses(
            String name, String scenario, String causes, String facts) {
        machine.atCanary = index -> happens("canary", index);
        machine.arrives = index -> hooks.stream().noneMatch(hook -> hook.isFor("lost", index));
        machine.atLook = index -> happens("look", index);
        machine.atStart = () -> happens("start", 0);
        machine.atSignal = signal -> happens("signal", signal);
        Recorder.Result result = null;
        try {
            for (String run : scenario.split("; again; ")) {
                plan = Plans.plan();
                Stream.of(run.split("; ")).forEach(this::prepare);
                result = recorder.record(plan);
            }
        } catch (CommandFailure e) {
            assertEquals(causes, e.status() + " " + e.getMessage(), name);
            return;
        }
        assertEquals(causes, String.join("; ", causes(result.run())), name);
        assertEquals(facts, facts(result, recorder.endWasRequested()), name);
    }

    private int wordOfFirst(String request, int place) {
        return machine.requests.stream()
                .map(line -> line.strip().split(" "))
                .filter(words -> words[0].equals(request))
                .mapToInt(words -> Integer.parseInt(words[place]))
                .findFirst()
                .orElseThrow();
    }

    // Canaries and barriers that are not as usual.

    @Test
    void canaryArrives_itVanishes_isFalseAfterThePatience() {
        FakeMachine machine = new FakeMachine();
        machine.canariesVanish = true;
        assertFalse(recorder(machine).canaryArrives());
        assertEquals(3, machine.requests.size(), "one each second");
        assertTrue(machine.nanoTime() >= machine.patienceNanos());
    }

    @Test
    void canaryArrives_behindALongQueueOfOthers_isWaitedFor() {
        FakeMachine machine = new FakeMachine();
        machine.canariesVanish = true;
        for (int i = 0; i < 10; i++) {
            machine.then(() -> machine.passTime(2)).then(() -> machine.arrive(8, OTHER, 1));
        }
        machine.then(
                () -> {
                    String last = machine.requests.get(machine.requests.size() - 1);
                    machine.arrive(7, 7, Integer.parseInt(last.substring("canary ".length())));
                });
        assertTrue(recorder(machine).canaryArrives());
    }

    @Test
    void canaryArrives_inAFloodThatNeverCeases_isGivenUp() {
        FakeMachine machine =
                new FakeMachine() {
                    @Override
                    void step(int millis) {
                        passTime(1);
                        arrive(8, OTHER, 1);
                    }
                };
        machine.canariesVanish = true;
        assertFalse(recorder(machine).canaryArrives());
    }
}

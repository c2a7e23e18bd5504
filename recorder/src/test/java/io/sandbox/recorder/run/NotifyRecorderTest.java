// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static io.sandbox.recorder.run.Plans.causes;
import static io.sandbox.recorder.run.Plans.counts;
import static io.sandbox.recorder.run.Plans.lost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The conditions of a complete run by user notification. */
class NotifyRecorderTest {
    private static final int SECCOMP = 317;
    private static final long SET_MODE_FILTER = 1;
    private static final long NEW_LISTENER = 8;
    private static final int PROPERTY_RUNS = 300;

    private static final List<String> OWN_LISTENER =
            List.of(
                    "the program sets a filter with a listener of its own, which the kernel refuses"
                            + " beside ours (EBUSY), so the program was ended before that could"
                            + " happen",
                    "the program loads a filter of its own that cannot be read, and that may hand"
                            + " calls to a tracer; a question of ours has precedence over the"
                            + " tracer, so the program was ended before that could happen");

    private final QuietObserver told = new QuietObserver();

    /** The program, in tests that send it signals. */
    private Process child;

    private int ended;

    @AfterEach
    void endChild() {
        if (child != null) {
            child.destroyForcibly();
        }
    }

    private FakeWatch watch(String plan) throws IOException {
        String script =
                switch (plan.replaceFirst(".* ", "")) {
                    case "sleep" -> "echo; exec sleep 1000";
                    case "stubborn" -> "trap '' TERM; echo; while :; do sleep 1; done";
                    default -> "";
                };
        if (script.isEmpty()) {
            return new FakeWatch();
        }
        child = new ProcessBuilder("sh", "-c", script).start();
        child.getInputStream().read();
        return new FakeWatch((int) child.pid());
    }

    private NotifyRecorder recorder(FakeWatch watch) {
        return new NotifyRecorder(new SandboxExec(watch), watch, told);
    }

    private Recorder.Result record(FakeWatch watch) {
        return recorder(watch).record(Plans.plan());
    }

    private Run run(FakeWatch watch) {
        return record(watch).run();
    }

    private void happen(FakeWatch watch, String event) {
        String[] words = event.split(" ", 2);
        String rest = words[words.length - 1];
        long[] numbers =
                rest.matches("[0-9x ]+")
                        ? Stream.of(rest.split(" ")).mapToLong(Long::decode).toArray()
                        : new long[1];
        int first = (int) numbers[0];
        switch (words[0]) {
            case "call" -> watch.thenCall(first, Arrays.copyOfRange(numbers, 1, numbers.length));
            case "calls" -> IntStream.range(0, first).forEach(i -> watch.thenCall(2));
            case "distinct" -> IntStream.range(0, first).forEach(i -> watch.thenCall(1_000 + i));
            case "gap" -> watch.listener.askAfterGap(1, first);
            case "say" -> watch.thenMessage(rest);
            case "said" -> watch.say(rest);
            case "await" -> watch.then(() -> awaitEnd(watch));
            case "end" -> watch.thenEnd();
            case "hang-up" -> watch.then(watch.listener::hangUp);
            case "hang-up-and-say" ->
                    watch.then(
                            () -> {
                                watch.listener.hangUp();
                                watch.say(rest);
                            });
            case "nothing" -> watch.then(() -> {});
            case "lose" -> watch.then(watch::loseSupervisor);
            case "lost" -> watch.loseSupervisor();
            case "old" -> watch.listener.quick = false;
            case "no-filter" -> watch.listens = false;
            default -> {
                watch.then(() -> watch.passTime(first));
                // The recorder reads the clock between two of them.
                IntStream.range(0, 20).forEach(i -> watch.then(NotifyRecorderTest::waitAMoment));
            }
        }
    }

    private static String shortened(Object all, int size) {
        return size < 10 ? "" + all : "" + size;
    }

    private static String made(FakeWatch watch) {
        return shortened(watch.listener.made, watch.listener.made.size());
    }

    private String facts(Recorder.Result result, FakeWatch watch, boolean endWasRequested) {
        Map<Integer, Long> counts = counts(result.run());
        String facts =
                "calls %s; made %s; lost %d; status %d; processes %d; slow %d; interrupted %d"
                        .formatted(
                                shortened(counts, counts.size()),
                                made(watch),
                                lost(result.run()),
                                result.exitStatus(),
                                result.processes(),
                                told.slow,
                                told.interrupted);
        return facts
                + (watch.listener.isOrphaned() && watch.listener.closed ? "; closed" : "")
                + (endWasRequested ? "; end requested" : "")
                + (result.timeIsUp() ? "; time is up" : "")
                + (result.outputChanged() ? "; output changed" : "")
                + (ended == 0 ? "" : "; child ended with " + ended)
                + (told.left.isEmpty()
                        ? ""
                        : "; left " + told.left.stream().map(pid -> pid - child.pid()).toList());
    }

    /** The head of the table describes the words. */
    @Table
    void record_events_haveTheirCausesAndFacts(
            String plan, String events, String causes, String facts) throws IOException {
        FakeWatch watch = watch(plan);
        NotifyRecorder recorder = recorder(watch);
        RunPlan planned =
                switch (plan.replaceFirst(" .*", "")) {
                    case "limited" -> Plans.limited(5);
                    case "output" -> Plans.keepingOutput();
                    case "enforced" -> Plans.enforced();
                    default -> Plans.plan();
                };
        Recorder.Result result = null;
        try {
            for (String run : events.split("; again; ")) {
                watch.again();
                Stream.of(run.split("; ")).forEach(event -> happen(watch, event));
                result = recorder.record(planned);
            }
        } catch (ControlException e) {
            assertEquals(causes, "ControlException");
            assertEquals(facts, made(watch));
            return;
        }
        assertEquals(causes, String.join("; ", causes(result.run())));
        assertEquals(facts, facts(result, watch, recorder.endWasRequested()));
    }

    private static void waitAMoment() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitEnd(FakeWatch watch) {
        try {
            if (!child.waitFor(20, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
            ended = child.waitFor();
            watch.say("ended " + (ended - 128));
            watch.listener.hangUp();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void record_callsCannotBeAnswered_fails() {
        FakeWatch watch = new FakeWatch().thenCall(1);
        watch.then(
                () -> {
                    throw new IllegalStateException("the listener is broken");
                });
        assertThrows(IllegalStateException.class, () -> record(watch));
    }

    /** For any order of calls, the program's end and requests to end. */
    @Test
    void verdict_anyOrderOfEvents_isThatOfThePlainModel() {
        for (long seed = Seeds.FIRST; seed < Seeds.FIRST + PROPERTY_RUNS; seed++) {
            String what = "-Dverdict.seed=" + seed;
            Random random = Seeds.random(seed);
            FakeWatch watch = new FakeWatch();
            Map<Integer, Long> made = new TreeMap<>();
            boolean ownListener = random.nextInt(4) == 0;
            List<Integer> events = shuffledEvents(random, ownListener);
            for (int event : events) {
                play(event, watch, made);
            }
            watch.then(watch.listener::hangUp);
            Run run = run(watch);
            assertEquals(ownListener ? OWN_LISTENER : List.of(), causes(run), what);
            assertEquals(made, counts(run), what);
        }
    }

    private static final int PROGRAM_ENDS = -1;
    private static final int USER_ASKS = -2;

    private static List<Integer> shuffledEvents(Random random, boolean ownListener) {
        List<Integer> events = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            events.add(random.nextInt(5));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            events.add(USER_ASKS);
        }
        if (ownListener) {
            events.add(SECCOMP);
        }
        events.add(PROGRAM_ENDS);
        Collections.shuffle(events, random);
        return events;
    }

    private static void play(int event, FakeWatch watch, Map<Integer, Long> made) {
        if (event == PROGRAM_ENDS) {
            watch.thenMessage("ended 0");
        } else if (event == USER_ASKS) {
            watch.thenMessage("signal 2");
        } else {
            made.merge(event, 1L, Long::sum);
            watch.thenCall(event, SET_MODE_FILTER, NEW_LISTENER, event == SECCOMP ? 0x1000 : 0);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.enforcer.launch.Waiter;
import io.sandbox.enforcer.launch.Waiters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Stands for a {@link BpfRecorder}'s environment. Each wait runs the next step. */
final class FakeTrace extends FakeConversation implements Waiters {
    static final int PID = FakeListener.NOBODY;

    private static final int TOO_MANY_WAITS = 10_000;

    final Map<TraceCounter, Long> tally = new EnumMap<>(TraceCounter.class);
    final List<Integer> members = new ArrayList<>();

    private final List<String> counted = new ArrayList<>();
    private final Deque<Runnable> steps = new ArrayDeque<>();
    boolean canariesVanish;

    /** What comes before the target is said to run. */
    final List<String> atTheStart = new ArrayList<>();

    /** Happens when a canary is made, after all that went before it. */
    Runnable atTheCanary = () -> {};

    private int waits;

    FakeTrace() {
        for (TraceCounter counter : TraceCounter.values()) {
            tally.put(counter, 0L);
        }
    }

    /** A member makes a call for the first time. */
    FakeTrace call(int number) {
        counted.add("0 0 " + number + " 1 0 0 " + PID + " 0 0");
        return this;
    }

    /** A member that ran already was in this call. */
    FakeTrace callInFlight(int number) {
        counted.add("0 0 " + number + " 1 1 0 " + PID + " 0 0");
        return this;
    }

    FakeTrace count(TraceCounter counter, long number) {
        tally.put(counter, number);
        return this;
    }

    FakeTrace then(Runnable step) {
        steps.add(step);
        return this;
    }

    FakeTrace thenMessage(String message) {
        return then(() -> say(message));
    }

    @Override
    public void send(String message) {
        String[] words = message.split(" ");
        switch (words[0]) {
            case "canary" -> {
                atTheCanary.run();
                if (!canariesVanish) {
                    call(Integer.parseInt(words[1]));
                }
                say("ok");
            }
            case "count" -> say("process " + PID);
            case "tally" ->
                    say(
                            tally.entrySet().stream()
                                    .map(e -> name(e.getKey()) + "=" + e.getValue())
                                    .collect(Collectors.joining(" ", "tally ", "")));
            case "program" -> say("calls\n0 0 0 0");
            case "others" ->
                    say(
                            counted.stream()
                                    .map(line -> "\n" + line)
                                    .collect(Collectors.joining("", "calls", "")));
            case "path" -> say("path /bin/x");
            case "failed" -> say("failed");
            case "members" ->
                    say(
                            members.stream()
                                    .map(member -> " " + member)
                                    .collect(Collectors.joining("", "members", "")));
            case "output" -> say("output same");
            case "go" -> {
                messages.addAll(atTheStart);
                say("ok");
            }
            case "trace", "untrace", "attach", "close", "nap" -> say("ok");
            default -> throw new AssertionError(message);
        }
    }

    private static String name(TraceCounter counter) {
        return counter.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Waiter of(int... descriptors) {
        return new Waiter() {
            @Override
            public boolean await(int millis) {
                nanos.addAndGet(millis * 1_000_000L);
                if (++waits > TOO_MANY_WAITS) {
                    throw new AssertionError("the recorder waits for ever");
                }
                Runnable step = steps.poll();
                if (step != null) {
                    step.run();
                }
                return true;
            }

            @Override
            public boolean hasCome(int index) {
                throw new AssertionError("nobody asks");
            }
        };
    }

    @Override
    public Waiter withEndOfLast(int... descriptors) {
        throw new AssertionError("nobody asks");
    }
}

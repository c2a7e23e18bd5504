// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.made;
import static io.sandbox.evidence.testing.Evidence.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.drift.CheckResult.Outcome;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.evidence.testing.Results;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.testing.Table;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The outcome of a check: of a run, and of the logs of a time. */
final class CheckResultTest {
    private static final Verdict COMPLETE = new Verdict.Complete();
    private static final Verdict LOST = new Verdict.Incomplete(3, List.of("dropped"));

    /** Whatever else a part of evidence or of a result holds, nothing in it is null. */
    @Test
    void constructor_nullForOneValue_isRefused() throws ReflectiveOperationException {
        Deque<Object> left = new ArrayDeque<>(List.of(host("a daily")));
        left.add(new Sign(Sign.Kind.values()[0], 1, "why"));
        left.add(Results.everything("new"));
        left.add(Results.readiness().readiness().orElseThrow());
        Set<Class<?>> tried = new HashSet<>();
        while (!left.isEmpty()) {
            Object next = left.remove();
            if (next instanceof Optional<?> optional) {
                optional.ifPresent(left::add);
            } else if (next instanceof List<?> all) {
                left.addAll(all);
            } else if (next.getClass().getName().startsWith("io.sandbox.evidence.")
                    && next instanceof Record
                    && tried.add(next.getClass())) {
                for (RecordComponent part : next.getClass().getRecordComponents()) {
                    part.getAccessor().setAccessible(true);
                    left.add(part.getAccessor().invoke(next));
                    if (!part.getType().isPrimitive()) {
                        assertNullIsRefused(next, part);
                    }
                }
            }
        }
        assertTrue(tried.size() > 15, tried::toString);
    }

    private static void assertNullIsRefused(Object record, RecordComponent part)
            throws ReflectiveOperationException {
        List<Class<?>> types = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (RecordComponent each : record.getClass().getRecordComponents()) {
            each.getAccessor().setAccessible(true);
            types.add(each.getType());
            boolean same = each.getName().equals(part.getName());
            values.add(same ? null : each.getAccessor().invoke(record));
        }
        Constructor<?> canonical =
                record.getClass().getDeclaredConstructor(types.toArray(Class<?>[]::new));
        canonical.setAccessible(true);
        Exception e =
                assertThrows(
                        InvocationTargetException.class,
                        () -> canonical.newInstance(values.toArray()),
                        record.getClass() + ": " + part);
        assertInstanceOf(NullPointerException.class, e.getCause());
    }

    @Table
    void outcome_isWhatTheUserFailsOn(String made, String failOn, Outcome outcome) {
        Drift drift = drift(calls(made.split(" ")), "write\n");
        assertEquals(outcome, Results.of(drift, failOn, Tolerance.NONE).outcome());
    }

    @Test
    void outcome_gate_isDriftIfTooFewExploitsAreStopped() {
        assertEquals(Outcome.SAME, Results.gated(72).outcome());
        assertEquals(Outcome.DRIFT, Results.gated(73).outcome());
        assertEquals("too open", Wording.verdict(Results.gated(73)));
    }

    /**
     * @param tolerance of losses or of failures
     * @param told the reasons for doubt and the warnings
     * @param updates whether there is a command that updates the policy
     */
    @Table
    void outcome_ofARun_isUncheckedUnlessTolerated(
            int status,
            boolean lost,
            String numbers,
            String failOn,
            String tolerance,
            Outcome outcome,
            String told,
            boolean updates) {
        Stream<String> made = Stream.of(numbers.split(" ")).filter(each -> !each.isEmpty());
        Integer[] calls = made.map(Integer::valueOf).toArray(Integer[]::new);
        Recording run = made(RunFilter.LOG_ALL, status, lost ? LOST : COMPLETE, calls);
        Drift drift = drift(run, "write\n");
        Tolerance tolerated =
                new Tolerance(tolerance.equals("losses"), tolerance.equals("failures"));
        CheckResult result = Results.of(drift, failOn, tolerated);
        assertEquals(outcome, result.outcome());
        assertEquals(told, result.reasonsForDoubt() + " " + result.warnings());
        assertEquals(updates, result.updateCommand().isPresent());
    }

    @Table
    void parse_text_isReadOrRefused(String text, boolean good) {
        if (good) {
            assertEquals(text, FailOn.parse(text).toString());
        } else {
            assertThrows(IllegalArgumentException.class, () -> FailOn.parse(text));
        }
    }

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    private static Readiness.Demand demand(Duration seen, int hosts) {
        return new Readiness.Demand(
                NOW.minus(seen),
                NOW,
                WEEK,
                hosts == 0 ? OptionalInt.empty() : OptionalInt.of(hosts));
    }

    private static CheckResult result(
            String policy, Duration seen, int hosts, String loss, HostEvidence... evidence) {
        List<String> losses = loss.isEmpty() ? List.of() : List.of(loss);
        return new CheckResult(
                "prog.list",
                "0.1.0",
                Readiness.drift(List.of(evidence), policy(policy)),
                FailOn.NEW,
                Tolerance.NONE,
                Optional.of("sandbox check --update"),
                List.of(),
                Optional.of(Readiness.of(List.of(evidence), losses, demand(seen, hosts))),
                Optional.empty(),
                Doubt::sentence);
    }

    /**
     * @param evidence {@code HOST HOURS CALL...}, with bars between the hosts: the hours before now
     *     of its canaries, {@code daily} or {@code none}
     * @param answer how it begins
     * @param seen the host and count of each call that is not allowed
     */
    @Table
    void evidence_isReadyOrNot(
            String policy,
            Duration seen,
            int hosts,
            String loss,
            String evidence,
            CheckResult.Outcome outcome,
            String answer,
            String summary,
            String calls) {
        HostEvidence[] all =
                Stream.of(evidence.split(" \\| "))
                        .filter(each -> !each.isEmpty())
                        .map(CheckResultTest::host)
                        .toArray(HostEvidence[]::new);
        CheckResult result = result(policy + "\n", seen, hosts, loss, all);
        String told = Wording.verdict(result) + " " + result.reasonsForDoubt();
        assertTrue(told.startsWith(answer), told);
        assertEquals(outcome, result.outcome());
        assertEquals(summary, Wording.summary(result));
        assertEquals(
                calls,
                result.drift().calls().stream()
                        .flatMap(call -> call.seen().stream())
                        .map(each -> each.host().orElseThrow() + " " + each.count())
                        .collect(Collectors.joining(" ")));
        List<String> names =
                result.readiness().orElseThrow().hosts().stream()
                        .map(Readiness.Host::name)
                        .toList();
        assertEquals(names.stream().sorted().toList(), names);
        assertEquals(Optional.of("sandbox check --update"), result.updateCommand());
        assertEquals(
                told.contains("no canary came from"),
                result.readiness().orElseThrow().doubts().stream()
                        .anyMatch(doubt -> doubt.kind() == Doubt.Kind.NO_CANARY));
    }

    private static HostEvidence host(String text) {
        String[] words = text.split(" ");
        List<String> calls = List.of(words).subList(2, words.length);
        LongStream hours =
                switch (words[1]) {
                    case "daily" -> IntStream.range(0, 7).mapToLong(i -> 160 - 24 * i);
                    case "none" -> LongStream.empty();
                    default -> Stream.of(words[1].split(",")).mapToLong(Long::parseLong);
                };
        return new HostEvidence(
                words[0],
                RunText.recording(calls.isEmpty() ? "" : "1: /bin/x " + String.join(" ", calls)),
                hours.mapToObj(each -> NOW.minus(Duration.ofHours(each))).toList());
    }
}

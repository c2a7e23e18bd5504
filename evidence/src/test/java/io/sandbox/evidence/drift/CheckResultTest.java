// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.made;
import static io.sandbox.evidence.testing.Evidence.policy;
import static io.sandbox.evidence.testing.Evidence.program;
import static io.sandbox.evidence.testing.Evidence.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.drift.CheckResult.Outcome;
import io.sandbox.evidence.drift.report.JsonReport;
import io.sandbox.evidence.drift.report.MarkdownReport;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.evidence.testing.Results;
import io.sandbox.syscalldb.testing.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;

/** The outcome of a check: of a run, and of the logs of a time. */
final class CheckResultTest {
    private static final Verdict COMPLETE = new Verdict.Complete();
    private static final Verdict LOST = new Verdict.Incomplete(3, List.of("dropped"));

    private static Drift ofRun(int status, Verdict verdict, Integer... numbers) {
        return drift(made(RunFilter.LOG_ALL, status, verdict, numbers), "write\n");
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
     * @param lost whether records were lost
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
        Drift drift =
                ofRun(
                        status,
                        lost ? LOST : COMPLETE,
                        made.map(Integer::valueOf).toArray(Integer[]::new));
        Tolerance tolerated =
                new Tolerance(tolerance.equals("losses"), tolerance.equals("failures"));
        CheckResult result = Results.of(drift, failOn, tolerated);
        assertEquals(outcome, result.outcome());
        assertEquals(told, result.reasonsForDoubt() + " " + result.warnings());
        assertEquals(updates, result.updateCommand().isPresent());
    }

    /** Such a call is a doubt, and no finding. */
    @Test
    void concerns_undecidedCall_isFalse() {
        Drift drift = drift(calls("write", "ptrace"), "write(arg0==1)\n");
        assertEquals(
                List.of("ptrace"),
                drift.forbidden().stream().map(call -> call.call().displayName()).toList());
        assertEquals(1, drift.undecided().size());
        assertFalse(FailOn.NEW.concerns(drift.undecided().get(0)));
        assertTrue(FailOn.NEW.concerns(drift.forbidden().get(0)));
    }

    @Test
    void reasonsForDoubt_sameOfSeveralRuns_isOne() {
        Run failed = made(RunFilter.LOG_ALL, 3, COMPLETE, 1).runs().get(0);
        Run again = run("2", RunFilter.LOG_ALL, 3, COMPLETE);
        Run other = run("3", RunFilter.LOG_ALL, 4, COMPLETE);
        Drift drift = drift(new Recording(List.of(failed, again, other)), "write\n");
        assertEquals(2, Results.of(drift, "new", Tolerance.NONE).reasonsForDoubt().size());
    }

    @Table
    @EmptySource
    void parse_anythingElse_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> FailOn.parse(text));
    }

    @Table
    void toString_isWhatParseReads(String text) {
        assertEquals(text, FailOn.parse(text).toString());
    }

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Recording NOTHING = new Recording(List.of());

    private static Readiness.Demand demand(Duration seen, int hosts) {
        return new Readiness.Demand(
                NOW.minus(seen),
                NOW,
                WEEK,
                hosts == 0 ? OptionalInt.empty() : OptionalInt.of(hosts));
    }

    /** A host with a canary so many hours before now each. */
    private static HostEvidence host(String name, Recording recording, long... hoursAgo) {
        List<Instant> canaries = new ArrayList<>();
        for (long hours : hoursAgo) {
            canaries.add(NOW.minus(Duration.ofHours(hours)));
        }
        return new HostEvidence(name, recording, canaries);
    }

    private static HostEvidence daily(String name, Recording recording) {
        return host(name, recording, IntStream.range(0, 7).mapToLong(i -> 160 - 24 * i).toArray());
    }

    private static CheckResult result(
            String policy, Duration seen, int hosts, String loss, HostEvidence... evidence) {
        List<String> losses = loss.isEmpty() ? List.of() : List.of(loss);
        Readiness readiness = Readiness.of(List.of(evidence), losses, demand(seen, hosts));
        return new CheckResult(
                "prog.list",
                "0.1.0",
                Readiness.drift(List.of(evidence), policy(policy)),
                FailOn.NEW,
                Tolerance.NONE,
                Optional.of("sandbox check --update"),
                List.of(),
                Optional.of(readiness),
                Optional.empty(),
                Doubt::sentence);
    }

    private static String answer(CheckResult result) {
        return Wording.verdict(result) + " " + result.reasonsForDoubt();
    }

    @Test
    void hostsWithCanariesAndNothingNew_areReady() {
        CheckResult result =
                result("read\n", WEEK, 2, "", daily("a", NOTHING), daily("b", calls("read")));
        assertEquals(
                "no new calls; seen: 2 hosts, 14 canaries, 2 records since 2026-11-17T12:00:00Z",
                Wording.summary(result));
    }

    @Test
    void newCall_isNotReadyWhateverElseIsUnknown() {
        CheckResult result =
                result(
                        "read\n",
                        Duration.ofDays(1),
                        9,
                        "lost",
                        host("a", calls("write")),
                        daily("b", NOTHING));
        assertEquals(CheckResult.Outcome.DRIFT, result.outcome());
        assertTrue(answer(result).startsWith("not ready [the time is too short: 24 hours of 7"));
        CallDrift call = result.drift().calls().get(0);
        assertEquals("a: /bin/x: 2 times, first at 2023-11-14T22:13:20Z, from", details(call));
        assertEquals(Optional.of("sandbox check --update"), result.updateCommand());
    }

    private static String details(CallDrift call) {
        return Wording.details(call).get(1).replaceAll(", from.*", ", from");
    }

    @Test
    void sameCallOfSeveralHosts_isOneCallWithItsHosts() {
        CheckResult result =
                result(
                        "read\n",
                        WEEK,
                        0,
                        "",
                        daily("a", calls("write")),
                        daily("b", calls("write", "read")));
        assertEquals(1, result.drift().calls().size());
        assertEquals(4, result.drift().calls().get(0).count());
        String json = new JsonReport().write(result);
        assertTrue(json.contains("\"answer\" : \"not-ready\""), json);
        assertTrue(json.contains("\"host\" : \"b\""), json);
        String markdown = new MarkdownReport().write(result);
        assertTrue(markdown.startsWith("### <code>prog&#46;list</code>: not ready\n"), markdown);
        assertTrue(markdown.contains("a&#58; /bin/x"), markdown);
    }

    /**
     * @param evidence {@code HOST HOURS CALL...}, with bars between the hosts: the hours before now
     *     of its canaries, {@code daily} or {@code none}
     * @param answer how it begins
     */
    @Table
    void evidence_isReadyOrNot(
            String policy,
            Duration seen,
            int hosts,
            String loss,
            String evidence,
            CheckResult.Outcome outcome,
            String answer) {
        HostEvidence[] all =
                Stream.of(evidence.split(" \\| "))
                        .filter(each -> !each.isEmpty())
                        .map(each -> host(each.split(" ")))
                        .toArray(HostEvidence[]::new);
        CheckResult result = result(policy + "\n", seen, hosts, loss, all);
        assertTrue(answer(result).startsWith(answer), answer(result));
        assertEquals(outcome, result.outcome());
    }

    private static HostEvidence host(String[] words) {
        Recording recording =
                words.length == 2 ? NOTHING : calls(Arrays.copyOfRange(words, 2, words.length));
        return switch (words[1]) {
            case "daily" -> daily(words[0], recording);
            case "none" -> host(words[0], recording);
            default ->
                    host(
                            words[0],
                            recording,
                            Stream.of(words[1].split(",")).mapToLong(Long::parseLong).toArray());
        };
    }

    @Test
    void hosts_areSorted_andTheMostCallsComeFirst() {
        Recording twice = new Recording(List.of(runOf("1"), runOf("2")));
        CheckResult result =
                result("read\n", WEEK, 0, "", daily("b", calls("write")), daily("a", twice));
        assertEquals(
                List.of("a", "b"),
                result.readiness().orElseThrow().hosts().stream()
                        .map(Readiness.Host::name)
                        .toList());
        CheckResult other =
                result("read\n", WEEK, 0, "", daily("a", calls("write")), daily("b", twice));
        assertEquals(
                List.of("b 4", "a 2"),
                other.drift().calls().get(0).seen().stream()
                        .map(seen -> seen.host().orElseThrow() + " " + seen.count())
                        .toList());
    }

    private static Run runOf(String id) {
        return run(id, program("/bin/x", X86_64, List.of(1)));
    }

    @Test
    void manyHosts_areCounted() {
        HostEvidence[] hosts =
                IntStream.range(0, 2000)
                        .mapToObj(i -> host("web-" + i, calls("write")))
                        .toArray(HostEvidence[]::new);
        CheckResult result = result("read\n", WEEK, 0, "", hosts);
        assertTrue(result.reasonsForDoubt().get(0).endsWith(" and 1990 more"));
        assertEquals("and 1980 more", Wording.details(result.drift().calls().get(0)).get(21));
    }
}

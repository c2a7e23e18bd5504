// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.policy;
import static io.sandbox.evidence.testing.Evidence.program;
import static io.sandbox.evidence.testing.Evidence.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.drift.report.JsonReport;
import io.sandbox.evidence.drift.report.MarkdownReport;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.syscalldb.testing.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Recording NOTHING = new Recording(List.of());

    private static Readiness.Demand demand(int daysAfter, int hosts) {
        return new Readiness.Demand(
                NOW.minus(Duration.ofDays(daysAfter)),
                NOW,
                Duration.ofDays(7),
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
            String policy, int daysAfter, int hosts, String loss, HostEvidence... evidence) {
        return new CheckResult(
                "prog.list",
                "0.1.0",
                Readiness.drift(List.of(evidence), policy(policy)),
                FailOn.NEW,
                Tolerance.NONE,
                Optional.of("sandbox check --update"),
                List.of(),
                Optional.of(
                        Readiness.of(
                                List.of(evidence),
                                loss.isEmpty() ? List.of() : List.of(loss),
                                demand(daysAfter, hosts))),
                Optional.empty(),
                Doubt::sentence);
    }

    private static String answer(CheckResult result) {
        return Wording.verdict(result) + " " + result.reasonsForDoubt();
    }

    @Test
    void hostsWithCanariesAndNothingNew_areReady() {
        CheckResult result =
                result("read\n", 7, 2, "", daily("a", NOTHING), daily("b", calls("read")));
        assertEquals("ready []", answer(result));
        assertEquals(CheckResult.Outcome.SAME, result.outcome());
        assertEquals(
                "no new calls; seen: 2 hosts, 14 canaries, 2 records since 2026-11-17T12:00:00Z",
                Wording.summary(result));
    }

    @Test
    void newCall_isNotReadyWhateverElseIsUnknown() {
        CheckResult result =
                result("read\n", 1, 9, "lost", host("a", calls("write")), daily("b", NOTHING));
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
                        7,
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

    @Table
    void doubt_isUnknown(int daysAfter, int hosts, String loss, String reason) {
        CheckResult result = result("read\n", daysAfter, hosts, loss, daily("a", NOTHING));
        assertEquals("unknown [" + reason + "]", answer(result));
        assertEquals(CheckResult.Outcome.UNCHECKED, result.outcome());
    }

    @Test
    void shortTime_isSaidInItsUnit() {
        for (String[] each :
                new String[][] {
                    {"PT1S", "1 seconds"},
                    {"PT1H", "3600 seconds"},
                    {"PT2H", "2 hours"},
                    {"P1D", "24 hours"},
                    {"P2D", "2 days"}
                }) {
            Readiness.Demand demand =
                    new Readiness.Demand(
                            NOW.minus(Duration.parse(each[0])),
                            NOW,
                            Duration.ofDays(7),
                            OptionalInt.of(0));
            assertEquals(
                    List.of("the time is too short: " + each[1] + " of 7 days"),
                    Readiness.of(List.of(), List.of(), demand).doubts().stream()
                            .map(Doubt::sentence)
                            .toList());
        }
    }

    @Test
    void noHostAtAll_isUnknown() {
        assertEquals(
                "unknown [the logs have evidence of 0 of 1 hosts]",
                answer(result("read\n", 7, 0, "")));
    }

    @Test
    void hostWithoutCanary_isUnknown() {
        assertEquals(
                "unknown [no canary came from: b]",
                answer(result("read\n", 7, 0, "", daily("a", NOTHING), host("b", calls("read")))));
        // A canary before the time proves nothing about it.
        assertEquals(
                "unknown [no canary came from: a]",
                answer(result("read\n", 30, 0, "", host("a", NOTHING, 200, 169))));
    }

    /** The list has the hours before now of all canaries but those of the last hour. */
    @Table
    void longTimeWithoutCanary_isUnknown(String hours, String from) {
        long[] ago = List.of(hours.split(" ")).stream().mapToLong(Long::parseLong).toArray();
        assertEquals(
                from.isEmpty()
                        ? "ready []"
                        : "unknown [no canary came for more than 36 hours: a from " + from + "]",
                answer(result("read\n", 7, 0, "", host("a", NOTHING, ago))));
    }

    @Test
    void callThatIsAllowedForSomeArguments_isUnknown() {
        CheckResult result = result("read(arg0==1)\n", 7, 0, "", daily("a", calls("read")));
        assertTrue(answer(result).startsWith("unknown [read: the policy says"), answer(result));
    }

    @Test
    void hosts_areSorted_andTheMostCallsComeFirst() {
        Recording twice = new Recording(List.of(runOf("1"), runOf("2")));
        CheckResult result =
                result("read\n", 7, 0, "", daily("b", calls("write")), daily("a", twice));
        assertEquals(
                List.of("a", "b"),
                result.readiness().orElseThrow().hosts().stream()
                        .map(Readiness.Host::name)
                        .toList());
        CheckResult other =
                result("read\n", 7, 0, "", daily("a", calls("write")), daily("b", twice));
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
    void tenHosts_areAllNamed() {
        HostEvidence[] hosts =
                IntStream.range(0, 10)
                        .mapToObj(i -> host("web-" + i, NOTHING))
                        .toArray(HostEvidence[]::new);
        String doubt = result("read\n", 7, 0, "", hosts).reasonsForDoubt().get(0);
        assertTrue(doubt.endsWith("web-8, web-9"), doubt);
    }

    @Test
    void manyHosts_areCounted() {
        HostEvidence[] hosts =
                IntStream.range(0, 2000)
                        .mapToObj(i -> host("web-" + i, calls("write")))
                        .toArray(HostEvidence[]::new);
        CheckResult result = result("read\n", 7, 0, "", hosts);
        assertTrue(result.reasonsForDoubt().get(0).endsWith(" and 1990 more"));
        assertEquals("and 1980 more", Wording.details(result.drift().calls().get(0)).get(21));
    }
}

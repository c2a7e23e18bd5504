// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static io.sandbox.recorder.run.Plans.causes;
import static io.sandbox.recorder.run.Plans.counts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.CallTrace.Tally;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.enforcer.launch.TraceCounter;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BpfRecorderTest {
    private final FakeTrace trace = new FakeTrace();
    private final QuietObserver told = new QuietObserver();

    private BpfRecorder recorder() {
        return new BpfRecorder(new SandboxExec(trace), trace, told);
    }

    private Run run(String how) {
        RunPlan plan = Plans.plan();
        return switch (how) {
            case "window" -> window();
            case "list" ->
                    recorder().record(plan.under(new RunFilter(false, List.of("read")))).run();
            default -> recorder().record(plan).run();
        };
    }

    private Run window() {
        return recorder()
                .recordWindow(
                        new WindowTarget.Process((int) ProcessHandle.current().pid()),
                        Optional.of(Duration.ofSeconds(5)),
                        false,
                        ArgumentDetail.NONE)
                .run();
    }

    /** Sentences of signs, such as {@code STILL_RUNNING 0}. */
    private static List<String> sentences(String sign) {
        String[] words = sign.split(" ");
        return sign.isEmpty()
                ? List.of()
                : new Signs()
                        .add(Sign.Kind.valueOf(words[0]), Long.parseLong(words[1]), "")
                        .sentences();
    }

    private void happen(String event) {
        String[] words = event.split(" ", 2);
        String rest = words[words.length - 1];
        switch (words[0]) {
            case "call" -> trace.call(Integer.parseInt(rest));
            case "in-flight" -> trace.callInFlight(Integer.parseInt(rest));
            case "member" -> trace.members.add(FakeTrace.PID);
            case "vanish" -> trace.canariesVanish = true;
            case "say" -> trace.thenMessage(rest);
            case "then" -> trace.then(() -> Stream.of(rest.split(", ")).forEach(this::happen));
            case "canary" -> trace.atTheCanary = () -> happen(rest);
            case "nothing" -> {}
            default -> trace.count(TraceCounter.valueOf(words[0]), Long.parseLong(rest));
        }
    }

    /** The head of the table describes the words. */
    @Table
    void record_events_haveTheirVerdictAndCalls(
            String how, String events, String cause, String reservation, String facts) {
        Stream.of(events.split("; ")).forEach(this::happen);
        Run run = run(how);
        assertEquals(sentences(cause), causes(run));
        List<String> reservations = new ArrayList<>(run.verdict().reservations());
        if (!how.equals("window")) { // what the machine of this test has in force
            reservations.removeAll(OuterFilter.querySigns(true).sentences());
        }
        assertEquals(sentences(reservation), reservations);
        String before =
                run.programs().stream()
                        .flatMap(program -> program.calls().stream())
                        .map(
                                call ->
                                        call.beforeEntry().isEmpty()
                                                ? "-"
                                                : "" + call.beforeEntry().getAsLong())
                        .collect(Collectors.joining(" "));
        assertEquals(
                facts,
                "%s before entry %s, lost %d, losses seen %d"
                        .formatted(counts(run), before, Plans.lost(run), told.lossesSeen));
    }

    /** Our filter does that to a program that asks for strict mode. */
    @Test
    void record_programWasEndedBySigsys_isIncomplete() {
        trace.call(1).thenMessage("ended 31");
        boolean telling = OuterFilter.querySigns(true).all().isEmpty();
        assertEquals(sentences(telling ? "ENDED_BY_SIGSYS 0" : ""), causes(run("plain")));
    }

    @Test
    void record_endCameWithAnAnswer_waitsNoMore() {
        trace.call(1).atTheStart.add("ended 0");
        run("plain");
        assertEquals(0, trace.nanoTime());
    }

    @Test
    void require_testCallIsNotCounted_isRefused() {
        trace.canariesVanish = true;
        BpfRecorder recorder = recorder();
        assertThrows(SourceException.class, recorder::require);
        assertFalse(recorder.endWasRequested());
    }

    // Each counter that shows a loss, and each way in which a recording may lack its end.

    private static final Map<TraceCounter, Sign.Kind> KINDS =
            Map.of(
                    TraceCounter.LOST_TASKS, Sign.Kind.TASKS_NOT_RECORDED,
                    TraceCounter.LOST_CALLS, Sign.Kind.CALLS_NOT_STORED,
                    TraceCounter.LOST_OTHERS, Sign.Kind.NUMBERS_NOT_STORED,
                    TraceCounter.MISSES, Sign.Kind.COUNTING_MISSED,
                    TraceCounter.ORPHANS, Sign.Kind.PARENTS_ENDED,
                    TraceCounter.DEEP, Sign.Kind.ANCESTORS_TOO_MANY,
                    TraceCounter.UNNAMED, Sign.Kind.NAMES_NOT_STORED,
                    TraceCounter.UNWATCHED, Sign.Kind.OWN_FILTER_UNWATCHED,
                    TraceCounter.ANSWERED, Sign.Kind.OWN_FILTER_ANSWERED);

    private static Tally tally(TraceCounter counter, long number) {
        Map<TraceCounter, Long> values = new EnumMap<>(TraceCounter.class);
        for (TraceCounter each : TraceCounter.values()) {
            values.put(each, 0L);
        }
        values.put(TraceCounter.MARKED, 1L);
        values.put(counter, number);
        return new Tally(values);
    }

    private static List<Sign> expected(TraceCounter counter, long number) {
        return KINDS.containsKey(counter)
                ? List.of(new Sign(KINDS.get(counter), number, ""))
                : List.of();
    }

    @ParameterizedTest
    @EnumSource(TraceCounter.class)
    void eachCounter_above0_isItsSign(TraceCounter counter) {
        Tally tally = tally(counter, 5);
        List<Sign> expected = expected(counter, 5);
        assertEquals(expected, BpfSigns.ofTally(tally).all());
        assertEquals(expected, BpfSigns.ofRun(tally, true, false, false).all());
        assertEquals(expected, BpfSigns.ofWindow(tally, true).all());
    }

    /** Beside audit records, neither a filter's refusals nor programs' names matter. */
    @ParameterizedTest
    @EnumSource(TraceCounter.class)
    void hasAllCalls_counterAbove0_onlyIfNoneIsLost(TraceCounter counter) {
        Set<TraceCounter> harmless = EnumSet.of(TraceCounter.UNNAMED, TraceCounter.UNWATCHED);
        assertEquals(
                !KINDS.containsKey(counter) || harmless.contains(counter),
                BpfSigns.hasAllCalls(tally(counter, 5)));
    }

    /** C counts in 64 bits without a sign. */
    @Test
    void counter_tooLargeForJava_isASignAllTheSame() {
        Tally tally = tally(TraceCounter.LOST_CALLS, -1);
        assertEquals(
                expected(TraceCounter.LOST_CALLS, Long.MAX_VALUE), BpfSigns.ofTally(tally).all());
    }

    /** The conditions are what the method has behind the counters. */
    @Table
    void eachCondition_isItsSign(
            String of, TraceCounter counter, long number, String conditions, String sign) {
        Tally tally = tally(counter, number);
        String[] words = conditions.split(" ");
        List<Boolean> are = Stream.of(words).map(Boolean::valueOf).toList();
        Signs signs =
                switch (of) {
                    case "run" -> BpfSigns.ofRun(tally, are.get(0), are.get(1), are.get(2));
                    case "window" -> BpfSigns.ofWindow(tally, are.get(0));
                    default ->
                            BpfSigns.ofEnds(tally, Stream.of(words).map(Integer::valueOf).toList());
                };
        List<Sign> expected =
                sign.isEmpty() ? List.of() : List.of(new Sign(Sign.Kind.valueOf(sign), 0, ""));
        assertEquals(expected, signs.all());
    }

    // What /proc/PID/status says of a filter that was in force before us.

    @Table
    void parseSigns_filter_isOne(String seccomp, boolean refusalsSeen, String kind) {
        assertEquals(
                Stream.of(kind)
                        .filter(word -> !word.isEmpty())
                        .map(word -> new Sign(Sign.Kind.valueOf(word), 0, ""))
                        .toList(),
                OuterFilter.parseSigns(List.of("Name:\tx", seccomp, "Uid:\t0"), refusalsSeen)
                        .all());
    }

    private static final int CLONE = 56;
    private static final String CONDITION = "arg0&0x7e020000==";

    /** Each as {@code PATH COUNT VALUE...}. */
    private static List<ProgramEvidence> programs(String text) {
        List<ProgramEvidence> programs = new ArrayList<>();
        for (String program : text.split("; ")) {
            List<String> words = List.of(program.split(" "));
            List<String> arguments = words.stream().skip(2).map(CONDITION::concat).toList();
            CallEvidence call =
                    new CallEvidence(CLONE, Long.parseLong(words.get(1)), 0)
                            .withArguments(Optional.of(arguments).filter(a -> !a.isEmpty()));
            int arch = SyscallDb.get().nativeArch().auditArch();
            programs.add(new ProgramEvidence(words.get(0), arch, List.of(call)));
        }
        return programs;
    }

    @Table
    void complete_recorded_hasTheArgumentsOfWhatWasCounted(
            String counted, String recorded, boolean whole, String expected) {
        assertEquals(
                expected,
                TracedArguments.complete(programs(recorded), programs(counted), whole).stream()
                        .map(program -> program.calls().get(0).arguments().orElse(List.of()))
                        .map(all -> String.join(" ", all).replace(CONDITION, ""))
                        .collect(Collectors.joining("; ")));
    }

    // As a little-endian machine writes them.

    @Table
    void text_saysFamilyAddressAndPort(String hex, String text) {
        assertEquals(text, SocketAddress.text(HexFormat.of().parseHex(hex)));
    }

    @Table
    void failedStartBesideOldConnections_isTheirFaultUnlessAnotherStartBoreThem(boolean bore)
            throws Exception {
        int port = portWithOldConnection();
        Readiness readiness = Readiness.parse("tcp:" + port);
        readiness.begin("");
        if (bore) {
            // Java sets SO_REUSEADDR.
            try (ServerSocket server = new ServerSocket(port)) {
                assertTrue(server.isBound() && readiness.isReady());
            }
            readiness.begin("");
        }
        assertEquals(!bore, readiness.wasHeld());
    }

    private static int portWithOldConnection() throws IOException {
        try (ServerSocket server = new ServerSocket(0);
                Socket client =
                        new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            // The side that closes first keeps the connection.
            server.accept().close();
            assertEquals(-1, client.getInputStream().read());
            return server.getLocalPort();
        }
    }
}

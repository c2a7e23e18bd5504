// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When the series continues, under which filter, and its verdict on the list. */
class RunSeriesTest {
    private final List<Integer> told = new ArrayList<>();

    private RunSeries series(ScriptedRecorder recorder, Run... known) {
        return new RunSeries(
                recorder,
                Plans.plan(),
                new Recording(List.of(known)),
                (number, result, soFar) -> told.add(number));
    }

    /** The filters of the runs: whether they enforce, and what they allow. */
    private static String filters(ScriptedRecorder recorder) {
        return recorder.filters.stream()
                .map(filter -> (filter.enforced() ? "enforce " : "log ") + filter.allowed())
                .collect(Collectors.joining(", "));
    }

    private static String names(Iterable<ObservedCall> calls) {
        TreeSet<String> names = new TreeSet<>();
        calls.forEach(call -> names.add(call.displayName()));
        return names.toString();
    }

    private static Optional<RunDoubt> doubt(RunSeries series, String[] words) {
        int number = Integer.parseInt(words[1]);
        return switch (words[0]) {
            case "quiet" -> series.repeatUntilQuiet(number, Integer.parseInt(words[2]));
            case "verify" -> series.verify(number);
            case "try" -> {
                series.tryCapabilities();
                yield Optional.empty();
            }
            default -> series.repeat(number);
        };
    }

    /** All that the series says, apart from what is usual. */
    private String facts(RunSeries series, ScriptedRecorder recorder) {
        List<String> facts = new ArrayList<>(List.of("under: " + filters(recorder)));
        Recording recording = series.recording();
        facts.add("told " + told);
        facts.add("results " + series.results().size() + " of " + recording.runs().size());
        facts.add("list " + series.policy().allowlist().entries());
        facts.add("not in a list " + names(series.policy().inexpressible()));
        facts.add("unhealed " + recording.unhealed().size());
        facts.add("only under enforcement " + names(series.seenOnlyEnforced()));
        List<Integer> statuses =
                recording.runs().stream().map(run -> run.status().orElse(-1)).toList();
        facts.add(statuses.stream().allMatch(status -> status == 0) ? "" : "statuses " + statuses);
        LearnedCapabilities.of(recording)
                .ifPresent(each -> facts.add(each.sentence().replaceAll("\\(.*\\)", "")));
        facts.add(recorder.lacked.isEmpty() ? "" : "lacked " + recorder.lacked);
        facts.add("unsent signals " + List.copyOf(series.unsentSignals().values()));
        facts.add("enforced well " + series.enforcedWell());
        facts.add("runs not needed " + recorder.outcomes.size());
        facts.add(series.endWasRequested() ? "end requested" : "");
        facts.removeIf(fact -> fact.isEmpty() || fact.matches("[a-z ]+ (0|\\[\\])"));
        return String.join("; ", facts);
    }

    /** A state of a recording that is merged has sent its signals. */
    @Test
    void unsentSignals_earlierRunInState_hasSentThem() {
        ScriptedRecorder recorder = new ScriptedRecorder().shows("read; read handles:HUP,USR2");
        Run earlier = recorder.record(Plans.plan()).in("user-signal").asJudged();
        RunSeries series = series(recorder, earlier);
        series.repeat(1);
        assertEquals(Map.of("/bin/x", Set.of("SIGHUP")), series.unsentSignals());
    }

    @Test
    void verify_endedInAState_isNoProof() {
        FakeConversation answers =
                new FakeConversation() {
                    @Override
                    public void send(String message) {
                        say("ok the copy there");
                    }
                };
        ScriptedRecorder recorder = new ScriptedRecorder().shows("read; read; read; -; - end");
        State state = new State("s", State.Needs.NOTHING, List.of(List.of("s")), "does this");
        State other = new State("o", State.Needs.NOTHING, List.of(List.of("o")), "does that");
        Variation variation =
                new Variation(
                        new SandboxExec(answers), List.of(state, other), true, Optional.empty());
        RunSeries series = series(recorder);
        series.repeat(1);
        variation.tryAll(series);
        assertEquals(
                "the program was ended before the list was verified in each state",
                variation.verify(series).map(RunDoubt::sentence).orElse("verified"));
        assertEquals(1, variation.verified());
    }

    /**
     * Steps: {@code repeat RUNS}, {@code quiet RUNS MOST}, {@code verify TIMES}, {@code try 0} of
     * capabilities. The expected status is that of the program before the first run under
     * enforcement. Other programs' records may disturb one run, but not the next.
     */
    @Table
    void series_steps_endWithADoubtAndFacts(
            String steps, String shown, String doubt, String facts) {
        ScriptedRecorder recorder = new ScriptedRecorder().shows(shown);
        RunSeries series = series(recorder);
        Optional<RunDoubt> found = Optional.empty();
        try {
            for (String step : steps.split(", ")) {
                found = doubt(series, step.split(" "));
            }
        } catch (CommandFailure e) {
            assertEquals(doubt, e.status() + " " + e.getMessage());
        }
        assertEquals(
                doubt,
                found.map(d -> d.kind() + ": " + d.sentence())
                        .orElse(doubt.matches("[0-9]+ .*") ? doubt : ""));
        assertEquals(facts, facts(series, recorder));
    }

    private static State state(String name) {
        return State.all().stream().filter(s -> s.name().equals(name)).findAny().orElseThrow();
    }

    /** A usual run takes a second. {@code ran}: states, and what each run took, in seconds. */
    @Table
    void forecast_runs_areThoseToCome_atThePaceOfOthers(
            boolean driven, String expected, String ran, String left) {
        Forecast forecast = new Forecast(driven);
        forecast.expect(99, List.of(state("offline")));
        forecast.expect(3, Stream.of(expected.split(" ")).map(RunSeriesTest::state).toList());
        for (String run : ran.isEmpty() ? new String[0] : ran.split(", ")) {
            State state = state(run.split(" ")[0]);
            forecast.ranIn(state, true, Long.parseLong(run.split(" ")[1]) * 1000, 1000);
        }
        forecast.addUsual(-1);
        assertEquals(left, forecast.runs() + " runs, " + forecast.millis(1000) + " ms");
    }
}

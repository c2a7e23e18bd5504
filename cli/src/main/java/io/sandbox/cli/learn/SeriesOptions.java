// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.run.RunDoubt;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.recorder.run.State;
import io.sandbox.recorder.run.Variation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How often a program is run, and whether its list is proven. */
final class SeriesOptions {
    /**
     * If each run makes a call with chance p, then n runs miss it and the next one makes it with
     * chance (1-p)^n p. For 7 runs this is below 5 % for every p: at most (7/8)^7 / 8. If there are
     * several such calls, each has this chance.
     */
    private static final int DEFAULT_QUIET_RUNS = 7;

    private static final int DEFAULT_MAX = 50;
    private static final int DEFAULT_VERIFY_RUNS = 5;

    private final Value<Boolean> thorough;
    private final Value<Integer> runs;
    private final Value<Boolean> untilQuiet;
    private final Value<Integer> quietRuns;
    private final Value<Integer> max;
    private final Value<Boolean> exact;
    private final Value<Boolean> verify;
    private final Value<Integer> verifyRuns;
    private final Value<Boolean> verifyOutput;

    SeriesOptions(Options options) {
        thorough = options.named("--thorough").flag();
        runs = options.named("--runs").number("N");
        untilQuiet = options.named("--until-quiet").flag();
        quietRuns = options.named("--quiet-runs").rare().number("N", DEFAULT_QUIET_RUNS);
        max = options.named("--max").rare().number("N", DEFAULT_MAX);
        exact = options.named("--exact").rare().flag();
        verify = options.named("--verify").flag();
        verifyRuns = options.named("--verify-runs").rare().number("N", DEFAULT_VERIFY_RUNS);
        verifyOutput = options.named("--verify-output").rare().flag();
    }

    /** Throws {@link CommandFailure} for values that contradict each other. */
    void check() {
        Options.refuseIf(
                runs.isGiven() && isUntilQuiet(),
                "--runs and "
                        + (thorough.get() ? "--thorough" : "--until-quiet")
                        + ": one of them");
        Options.refuseIf(
                runs.isGiven() && runs.get() < 1 || max.get() < 2,
                "--runs takes 1 or more, --max 2 or more");
        Options.refuseIf(
                (max.isGiven() || quietRuns.isGiven()) && !isUntilQuiet(),
                "--max and --quiet-runs are for --until-quiet");
        Options.refuseIf(
                exact.get() && !untilQuiet.get(),
                "--exact is for --until-quiet; without that, nothing is added (leave it out)");
        Options.refuseIf(
                exact.get() && thorough.get(), "--exact and --thorough contradict each other");
        Options.refuseIf(verifyRuns.isGiven() && !verifies(), "--verify-runs is for --verify");
        Options.refuseIf(
                quietRuns.get() < 1 || verifyRuns.get() < 1,
                "--quiet-runs and --verify-runs take 1 or more");
        Options.refuseIf(
                isUntilQuiet() && maxRuns() <= quietRuns.get(),
                String.format(
                        "--max: %s: too few for %s quiet runs after the first (take more, or fewer"
                                + " --quiet-runs)",
                        max.get(), quietRuns.get()));
    }

    /** The limit of runs, which grows with the number of wanted quiet runs. */
    private int maxRuns() {
        return max.isGiven() ? max.get() : Math.max(DEFAULT_MAX, 2 * quietRuns.get());
    }

    boolean isThorough() {
        return thorough.get();
    }

    boolean isUntilQuiet() {
        return untilQuiet.get() || thorough.get();
    }

    boolean isExact() {
        return exact.get();
    }

    boolean verifies() {
        return verify.get() || verifyOutput.get() || thorough.get();
    }

    boolean comparesOutput() {
        return verifyOutput.get();
    }

    boolean areSeveral() {
        return isUntilQuiet() || runs.isGiven() && runs.get() > 1;
    }

    /** How long all will take, as far as that is known before. */
    String extent(List<State> states) {
        int inStates = states.stream().mapToInt(each -> each.runs().size()).sum();
        long idle = states.stream().mapToLong(each -> 2 * each.idle().toSeconds()).sum();
        int all = fewestUsual() + verifyRuns.get() + 2 * inStates;
        return ("There are at least %1$s runs: %2$s as usual and %3$s in states, and then %4$s and"
                        + " %3$s under the list.%nThey take about %5$s s, and %1$s times as long as"
                        + " the program.%n")
                .formatted(all, fewestUsual(), inStates, verifyRuns.get(), all / 10 + idle);
    }

    private int fewestUsual() {
        return isUntilQuiet() ? 1 + quietRuns.get() : runs.optional().orElse(1);
    }

    /** Returns a doubt about the list, which there may be even if the evidence is complete. */
    Optional<String> run(RunSeries series, Optional<Variation> variation) {
        Optional<RunDoubt> doubt = Optional.empty();
        List<State> all = new ArrayList<>(variation.map(Variation::possible).orElse(List.of()));
        all.addAll(all);
        series.expect(fewestUsual() + (verifies() ? verifyRuns.get() : 0), all);
        if (isUntilQuiet()) {
            doubt = series.repeatUntilQuiet(quietRuns.get(), maxRuns());
            if (doubt.isEmpty()) {
                variation.ifPresent(each -> each.tryAll(series));
            }
        } else {
            doubt = series.repeat(runs.optional().orElse(1));
        }
        if (verifies() && doubt.isEmpty() && series.endWasRequested()) {
            return Optional.of("the program was ended before the list was verified");
        }
        boolean worthVerifying = doubt.isEmpty() && series.recording().isComplete();
        if (verifies() && worthVerifying) {
            List<State> tried = variation.map(Variation::tried).orElse(List.of());
            series.expect(verifyRuns.get(), tried);
            doubt = series.verify(verifyRuns.get());
            if (doubt.isEmpty()) {
                doubt = variation.flatMap(each -> each.verify(series));
            }
        }
        return doubt.map(SeriesOptions::words);
    }

    private static String words(RunDoubt doubt) {
        return doubt.sentence()
                + switch (doubt.kind()) {
                    case TOO_FEW_RUNS -> " (--max allows more, --quiet-runs asks for fewer)";
                    case OUTPUT_DIFFERS -> " (if it differs from run to run anyway, use --verify)";
                    case NOT_STOPPED ->
                            " (--stop SIGNAL sends another one; process 1 of a container gets only"
                                    + " signals that it handles: use --init of podman and docker,"
                                    + " or stop it in --exercise)";
                    case NOT_EXERCISED ->
                            " (perhaps the exercise is unsteady: run it alone some times, or let it"
                                    + " wait until the server answers)";
                    case OTHER -> "";
                };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.run.RunDoubt;
import io.sandbox.recorder.run.RunSeries;
import io.sandbox.recorder.run.Variation;
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
        thorough =
                options.named("--thorough")
                        .flag(
                                "The procedure for a list to rely on. It means --until-quiet,"
                                    + " --verify and --portable. sandbox learn also tries the"
                                    + " program in many states: with and without a terminal, with a"
                                    + " full disk, killed and started again. What it does there"
                                    + " does not stay.");
        runs =
                options.named("--runs")
                        .number(
                                "N",
                                "Run the program N times. The list has the calls of all runs.");
        untilQuiet =
                options.named("--until-quiet")
                        .flag(
                                "Repeat the program until no new call is seen. Several runs in a"
                                    + " row must show none and lose no record. From the second run"
                                    + " on, only new calls are recorded, so that few records can be"
                                    + " lost.");
        quietRuns =
                options.named("--quiet-runs")
                        .rare()
                        .number(
                                "N",
                                "How many quiet runs --until-quiet needs (default "
                                        + DEFAULT_QUIET_RUNS
                                        + "). With the default, the chance that all of them lack a"
                                        + " call and the next run makes it is under 5 percent,"
                                        + " however rare that call is. But there may be several"
                                        + " such calls. After 59 quiet runs, at most one run in 20"
                                        + " makes any new call, with 95 percent confidence.")
                        .or(DEFAULT_QUIET_RUNS);
        max =
                options.named("--max")
                        .rare()
                        .number(
                                "N",
                                "With --until-quiet: stop after N runs. Default: "
                                        + DEFAULT_MAX
                                        + ", or more with a large --quiet-runs.")
                        .or(DEFAULT_MAX);
        exact =
                options.named("--exact")
                        .rare()
                        .flag(
                                "Exactly what was given or seen, and nothing more. After"
                                    + " --until-quiet, no calls are added that no run showed."
                                    + " Without this option, a program that is seen to have threads"
                                    + " gets those of --chance-calls.");
        verify =
                options.named("--verify")
                        .flag(
                                "Then run it several times under its list. Each of these runs must"
                                    + " end with the same status as without the list. If a call is"
                                    + " refused, it is added to the list, and the count begins"
                                    + " again.");
        verifyRuns =
                options.named("--verify-runs")
                        .rare()
                        .number(
                                "N",
                                "How many runs --verify needs in a row (default "
                                        + DEFAULT_VERIFY_RUNS
                                        + ").")
                        .or(DEFAULT_VERIFY_RUNS);
        verifyOutput =
                options.named("--verify-output")
                        .rare()
                        .flag(
                                "Like --verify, and the output must be the same too. The output of"
                                        + " each run is shown when the run has ended.");
    }

    /**
     * @throws CommandFailure for values that contradict each other
     */
    void check() {
        refuse(
                runs.isGiven() && isUntilQuiet(),
                "--runs and "
                        + (thorough.get() ? "--thorough" : "--until-quiet")
                        + ": one of them");
        refuse(
                runs.isGiven() && runs.get() < 1 || max.get() < 2,
                "--runs takes 1 or more, --max 2 or more");
        refuse(
                (max.isGiven() || quietRuns.isGiven()) && !isUntilQuiet(),
                "--max and --quiet-runs are for --until-quiet");
        refuse(exact.get() && !untilQuiet.get(), "--exact is for --until-quiet");
        refuse(exact.get() && thorough.get(), "--exact and --thorough contradict each other");
        refuse(verifyRuns.isGiven() && !verifies(), "--verify-runs is for --verify");
        refuse(
                quietRuns.get() < 1 || verifyRuns.get() < 1,
                "--quiet-runs and --verify-runs take 1 or more");
        refuse(
                isUntilQuiet() && maxRuns() <= quietRuns.get(),
                "--max: "
                        + max.get()
                        + ": too few for "
                        + quietRuns.get()
                        + " quiet runs after the first (take more, or fewer --quiet-runs)");
    }

    private static void refuse(boolean conflict, String reason) {
        if (conflict) {
            throw CommandFailure.ownFailure(reason);
        }
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

    /**
     * Returns a doubt about the list, which there may be even if the evidence is complete.
     *
     * @param variation the states to try; empty for none
     */
    Optional<String> run(RunSeries series, Optional<Variation> variation) {
        Optional<RunDoubt> doubt = Optional.empty();
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
                    case TOO_FEW_RUNS -> " (--max allows more)";
                    case OUTPUT_DIFFERS -> " (if it differs from run to run anyway, use --verify)";
                    case OTHER -> "";
                };
    }
}

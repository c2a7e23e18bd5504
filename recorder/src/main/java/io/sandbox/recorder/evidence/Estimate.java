// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.evidence;

import io.sandbox.enforcer.launch.process.ObservedCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What several runs tell about the next one. Only runs of the command that ran last count, as far
 * as they lost nothing: runs of different programs are not samples of one thing.
 *
 * <p>Where each run showed every call, a run counts as a find if it made a call that none of the
 * others made. Good and Turing (I. J. Good, 1953) take the share of these for the chance that the
 * next run is one too. Where later runs showed only what was new, the runs after the last find are
 * the sample: the list was the same in all of them, and none made another call.
 *
 * @param runs how many count, at least two
 * @param sample of how many of them {@code finds} are told; 0 if the last one showed new calls
 * @param finds how many of the sample made a call that is not in the others
 * @param singular the calls that exactly one run made; empty where that is not known
 */
public record Estimate(int runs, int sample, int finds, List<ObservedCall> singular) {
    private static final double RISK = 0.05;

    public Estimate {
        singular = List.copyOf(singular);
        if (runs < 2 || sample > runs || finds > sample) {
            throw new IllegalArgumentException("an estimate from " + runs + " runs");
        }
    }

    /** Empty if there are fewer than two runs to go by. */
    public static Optional<Estimate> of(Recording recording) {
        List<String> command = lastCommand(recording);
        List<Run> counted = new ArrayList<>();
        for (Run run : recording.runs()) {
            if (run.isComplete() && run.command().equals(command)) {
                counted.add(run);
            }
        }
        if (counted.size() < 2) {
            return Optional.empty();
        }
        boolean allShown = counted.stream().allMatch(run -> run.filter().showsAll());
        return Optional.of(
                allShown
                        ? ofWholeRuns(counted)
                        : new Estimate(
                                counted.size(), quietAtTheEnd(recording, command), 0, List.of()));
    }

    private static Estimate ofWholeRuns(List<Run> runs) {
        Map<ObservedCall, Integer> seenIn = new TreeMap<>();
        for (Run run : runs) {
            run.calls().forEach(call -> seenIn.merge(call, 1, Integer::sum));
        }
        List<ObservedCall> singular = new ArrayList<>(seenIn.keySet());
        singular.removeIf(call -> seenIn.get(call) > 1);
        int finds = 0;
        for (Run run : runs) {
            finds += run.calls().stream().anyMatch(singular::contains) ? 1 : 0;
        }
        return new Estimate(runs.size(), runs.size(), finds, singular);
    }

    private static int quietAtTheEnd(Recording recording, List<String> command) {
        Set<ObservedCall> known = new HashSet<>();
        int quiet = 0;
        for (Run run : recording.runs()) {
            boolean isNew = known.addAll(run.calls());
            if (run.command().equals(command)) {
                int counted = run.isComplete() ? 1 : 0;
                quiet = isNew ? 0 : quiet + counted;
            }
        }
        return quiet;
    }

    /** Of logs there is no command, so they do not count. */
    private static List<String> lastCommand(Recording recording) {
        List<String> command = List.of("");
        for (Run run : recording.runs()) {
            command = run.command().isEmpty() ? command : run.command();
        }
        return command;
    }

    /** The chance, 0 to 1, that one more run makes a call that none of these did. */
    public double chanceOfNew() {
        return sample == 0 ? 1 : (double) finds / sample;
    }

    /**
     * The chance that is not exceeded with 95 % confidence: the upper bound of Clopper and Pearson.
     * Without a find it is the rule of three, about 3 / sample.
     */
    public double upperBound() {
        double low = chanceOfNew();
        double high = 1;
        for (int i = 0; i < 50 && finds < sample; i++) {
            double middle = (low + high) / 2;
            if (atMostFinds(middle) > RISK) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** The chance of so few finds, if each run is one with this chance. */
    private double atMostFinds(double chance) {
        double term = Math.pow(1 - chance, sample);
        double sum = term;
        for (int i = 1; i <= finds && chance < 1; i++) {
            term *= (sample - i + 1.0) / i * chance / (1 - chance);
            sum += term;
        }
        return sum;
    }

    /** The chance that none of the runs made a call that one run in {@code n} makes. */
    public double chanceOfMissing(int n) {
        return Math.pow(1 - 1.0 / n, runs);
    }
}

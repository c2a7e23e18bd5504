// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What several runs tell about the next one. Only complete runs of the command that ran last, in no
 * particular state, count: other programs and states are not samples of one thing.
 *
 * <p>If each run showed every call, a run counts as a find if it made a call that no other run
 * made. Good and Turing (I. J. Good, 1953) take the share of finds as the chance that the next run
 * is a find too. If later runs showed only new calls, the sample is the runs after the last find:
 * the list was the same in all of them, and none made another call.
 *
 * @param runs how many runs count, at least two
 * @param sample of how many of these runs {@code finds} counts the finds; 0 if the last run showed
 *     new calls
 * @param finds how many runs of the sample made a call that no other run made
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

    /** Empty if fewer than two runs count. */
    public static Optional<Estimate> of(Recording recording) {
        List<String> command = lastCommand(recording);
        List<Run> counted =
                recording.runs().stream()
                        .filter(run -> run.isComplete() && run.state().isEmpty())
                        .filter(run -> run.command().equals(command))
                        .toList();
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
        runs.forEach(run -> run.calls().forEach(call -> seenIn.merge(call, 1, Integer::sum)));
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
            if (run.command().equals(command) && run.state().isEmpty()) {
                int counted = run.isComplete() ? 1 : 0;
                quiet = isNew ? 0 : quiet + counted;
            }
        }
        return quiet;
    }

    /** Ignores logs, which have no command. */
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

    /** The chance's upper bound (95 %, Clopper and Pearson); about 3 / sample without a find. */
    public double upperBound() {
        double low = chanceOfNew();
        double high = 1;
        for (int i = 0; i < 50 && !isOpen(); i++) {
            double middle = (low + high) / 2;
            if (atMostFinds(middle) > RISK) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** The chance of at most {@code finds} finds, if each run is a find with the given chance. */
    private double atMostFinds(double chance) {
        double term = Math.pow(1 - chance, sample);
        double sum = term;
        for (int i = 1; i <= finds && chance < 1; i++) {
            term *= (sample - i + 1.0) / i * chance / (1 - chance);
            sum += term;
        }
        return sum;
    }

    /** The chance that all the runs missed a call that one run in {@code n} makes. */
    public double chanceOfMissing(int n) {
        return Math.pow(1 - 1.0 / n, runs);
    }

    /** Whether the last run still showed new calls, so that nothing bounds the chance. */
    public boolean isOpen() {
        return finds == sample;
    }

    public String ofOneMore() {
        return isOpen()
                ? "the last run still showed new calls, so one more may bring others"
                : "one more run of the same kind brings a new call with a chance of at most "
                        + percent(upperBound())
                        + ", with 95 % confidence";
    }

    /** In words. Says an upper bound too, since a few runs exclude little. */
    public String sentence() {
        if (isOpen()) {
            return "from " + runs + " runs: " + ofOneMore();
        }
        String found = "the last " + sample + " showed nothing new";
        if (finds > 0) {
            found = "seen in only one of them: " + ObservedCall.names(singular);
        } else if (sample == runs) {
            found = "each call was seen in at least two of them";
        }
        int rare = rareFrequency();
        return String.format(
                "from %s runs: the chance that another run of the same kind makes a call that is"
                    + " not listed is %sat most %s, with 95 %% confidence (%s); the chance that %s"
                    + " runs all miss a call that one run in %s makes is %s",
                runs,
                finds > 0 ? "about " + percent(chanceOfNew()) + ", and " : "",
                percent(upperBound()),
                found,
                runs,
                rare,
                percent(chanceOfMissing(rare)));
    }

    /** The n of "one run in n" for a call that the runs missed with a chance of at least 5 %. */
    private int rareFrequency() {
        int frequency = 5;
        while (chanceOfMissing(frequency) < RISK) {
            frequency *= 2;
        }
        return frequency;
    }

    /** A chance for people. Never 0 % for something possible. */
    public static String percent(double chance) {
        return Math.max(1, Math.round(chance * 100)) + " %";
    }
}

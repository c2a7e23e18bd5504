package io.sandbox.recorder.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What several runs tell about the next one: the estimate of Good and Turing (I. J. Good, 1953) for
 * the number of calls that it will be the first to make, which is the share of the runs' singular
 * finds. Only runs of the command that ran last count, as far as they showed every call and lost
 * none: runs of different programs are not samples of one thing.
 *
 * @param runs how many, at least two
 * @param singular the calls that exactly one of them made
 */
public record Estimate(int runs, List<ObservedCall> singular) {
    public Estimate {
        singular = List.copyOf(singular);
        if (runs < 2) {
            throw new IllegalArgumentException("an estimate from " + runs + " runs");
        }
    }

    /** Empty if there are fewer than two runs to go by. */
    public static Optional<Estimate> of(Recording recording) {
        List<String> command = lastCommand(recording);
        Map<ObservedCall, Integer> seenIn = new TreeMap<>();
        int runs = 0;
        for (Run run : recording.runs()) {
            if (run.filter().showsAll() && run.isComplete() && run.command().equals(command)) {
                runs++;
                for (ObservedCall call : run.calls()) {
                    seenIn.merge(call, 1, Integer::sum);
                }
            }
        }
        List<ObservedCall> singular = new ArrayList<>();
        for (Map.Entry<ObservedCall, Integer> entry : seenIn.entrySet()) {
            if (entry.getValue() == 1) {
                singular.add(entry.getKey());
            }
        }
        return runs < 2 ? Optional.empty() : Optional.of(new Estimate(runs, singular));
    }

    /** Of logs there is no command, so they do not count. */
    private static List<String> lastCommand(Recording recording) {
        List<String> command = List.of("");
        for (Run run : recording.runs()) {
            command = run.command().isEmpty() ? command : run.command();
        }
        return command;
    }

    /** The chance, 0 to 1, that one more run makes a call that none of these did; at most. */
    public double chanceOfNew() {
        return Math.min(1.0, (double) singular.size() / runs);
    }
}

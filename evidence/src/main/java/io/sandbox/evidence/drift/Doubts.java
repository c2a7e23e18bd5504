// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Run;
import io.sandbox.evidence.Verdict;
import io.sandbox.outcome.ExitCodes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Why evidence does not suffice to check a policy.
 *
 * <p>A program that failed is such a doubt, whatever was found: a test that fails shows only a part
 * of what the program needs.
 */
public final class Doubts {
    private static final String NOT_SHOWN = "a program that fails does not show what it needs";

    private Doubts() {}

    /** What holds for several runs is said once. */
    static List<Doubt> about(Drift drift, Tolerance tolerance) {
        Set<Doubt> doubts = new LinkedHashSet<>();
        if (drift.runs() == 0 || drift.records() == 0 && drift.distinctCalls() == 0) {
            doubts.add(new Doubt(Doubt.Kind.OTHER, "the evidence holds no call of any program"));
        }
        if (!tolerance.gaps()) {
            gaps(drift).forEach(gap -> doubts.add(new Doubt(Doubt.Kind.GAP, gap)));
        }
        if (!tolerance.failures()) {
            drift.failures().forEach(run -> doubts.add(ofFailure(run)));
        }
        passed(drift).forEach(passed -> doubts.add(new Doubt(Doubt.Kind.OTHER, passed)));
        drift.undecided().forEach(call -> doubts.add(undecided(call)));
        return List.copyOf(doubts);
    }

    static List<Doubt> ofReadiness(Readiness readiness, Drift drift) {
        List<Doubt> doubts = new ArrayList<>(readiness.doubts());
        drift.undecided().forEach(call -> doubts.add(undecided(call)));
        return doubts;
    }

    /** What the evidence may lack, whatever the user accepts; one sentence each. */
    public static List<String> inEvidence(Drift drift) {
        Set<String> doubts = gaps(drift);
        drift.failures().forEach(run -> doubts.add(failure(run) + NOT_SHOWN));
        doubts.addAll(passed(drift));
        return List.copyOf(doubts);
    }

    private static String failure(Run run) {
        return what(run) + " ended with status " + run.status().orElseThrow() + ": ";
    }

    private static List<String> passed(Drift drift) {
        String why = ": was allowed without a record in some run, but the policy does not allow it";
        return drift.passed().stream().map(entry -> entry + why).toList();
    }

    /** Treats 143 apart: a service such as a JVM has this status after a normal end by SIGTERM. */
    private static Doubt ofFailure(Run run) {
        return run.status().orElseThrow() == ExitCodes.ENDED_BY_SIGTERM
                ? new Doubt(Doubt.Kind.ENDED_BY_SIGTERM, failure(run) + "SIGTERM ended it")
                : new Doubt(Doubt.Kind.FAILURE, failure(run) + NOT_SHOWN);
    }

    /** The warnings, and the gaps if they are tolerated. */
    static List<String> withTolerated(List<String> warnings, Drift drift, Tolerance tolerance) {
        Set<String> all = new LinkedHashSet<>(warnings);
        if (tolerance.gaps()) {
            all.addAll(gaps(drift));
        }
        return List.copyOf(all);
    }

    private static Set<String> gaps(Drift drift) {
        Set<String> gaps = new LinkedHashSet<>();
        for (Run run : drift.gaps()) {
            if (run.verdict() instanceof Verdict.Incomplete incomplete) {
                gaps.add(what(run) + ": " + incomplete);
            }
        }
        return gaps;
    }

    private static Doubt undecided(CallDrift call) {
        // Without entries there is no list to run the program under.
        boolean canRun = !call.ruling().entries().isEmpty();
        return new Doubt(
                canRun ? Doubt.Kind.UNDECIDED : Doubt.Kind.OTHER,
                "%s: the policy says %s, and the evidence does not tell the arguments"
                        .formatted(call.call().displayName(), call.ruling().text()));
    }

    private static String what(Run run) {
        if (run.isWindow()) {
            return "the window";
        }
        return run.command().isEmpty() ? "the log" : run.command().get(0);
    }
}

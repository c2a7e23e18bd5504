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
    private Doubts() {}

    /** One sentence each, without a full stop. What holds for several runs is said once. */
    static List<String> about(Drift drift, Tolerance tolerance) {
        Set<String> doubts = new LinkedHashSet<>();
        if (drift.runs() == 0 || drift.records() == 0 && drift.distinctCalls() == 0) {
            doubts.add("the evidence holds no call of any program");
        }
        if (!tolerance.gaps()) {
            for (String gap : gaps(drift)) {
                doubts.add(gap + " (--allow-gaps checks anyway)");
            }
        }
        if (!tolerance.failures()) {
            for (Run run : drift.failures()) {
                doubts.add(failure(run) + advice(run.status().orElseThrow()));
            }
        }
        doubts.addAll(passed(drift));
        drift.undecided().forEach(call -> doubts.add(undecided(call)));
        return List.copyOf(doubts);
    }

    static List<String> ofReadiness(Readiness readiness, Drift drift) {
        List<String> doubts = new ArrayList<>(readiness.doubts());
        drift.undecided().forEach(call -> doubts.add(undecided(call)));
        return doubts;
    }

    /** What the evidence may lack, whatever the user accepts; one sentence each. */
    public static List<String> inEvidence(Drift drift) {
        Set<String> doubts = gaps(drift);
        for (Run run : drift.failures()) {
            doubts.add(failure(run) + "a program that fails does not show what it needs");
        }
        doubts.addAll(passed(drift));
        return List.copyOf(doubts);
    }

    private static String failure(Run run) {
        return what(run) + " ended with status " + run.status().orElseThrow() + ": ";
    }

    private static List<String> passed(Drift drift) {
        return drift.passed().stream()
                .map(
                        entry ->
                                entry
                                        + ": was allowed without a record in some run, but the"
                                        + " policy does not allow it")
                .toList();
    }

    /** Treats 143 apart: a service such as a JVM has this status after a normal end by SIGTERM. */
    private static String advice(int status) {
        return status == ExitCodes.ENDED_BY_SIGTERM
                ? "SIGTERM ended it (for a service, --duration ends it after a time and counts that"
                        + " as success; --allow-failure checks anyway)"
                : "a program that fails does not show what it needs (--allow-failure checks"
                        + " anyway)";
    }

    /** The warnings, and the gaps if they are tolerated. */
    static List<String> withTolerated(List<String> warnings, Drift drift, Tolerance tolerance) {
        List<String> all = new ArrayList<>(warnings);
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

    private static String undecided(CallDrift call) {
        // Without entries there is no list to run the program under.
        String hint =
                call.ruling().entries().isEmpty() ? "" : " (checked by: sandbox check -- PROGRAM)";
        return call.call().displayName()
                + ": the policy says "
                + call.ruling().text()
                + ", and the evidence does not tell the arguments"
                + hint;
    }

    private static String what(Run run) {
        if (run.isWindow()) {
            return "the window";
        }
        return run.command().isEmpty() ? "the log" : run.command().get(0);
    }
}

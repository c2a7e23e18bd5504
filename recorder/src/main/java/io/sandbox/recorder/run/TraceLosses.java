// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import java.util.ArrayList;
import java.util.List;

/** What the kernel's counters say against a recording of them. */
record TraceLosses(CallTrace.Tally tally) {
    /** How many calls are known to be lost; that of a process that was lost is not known. */
    long count() {
        return tally.get("lost_calls") + tally.get("lost_others") + tally.get("misses");
    }

    List<String> causes() {
        List<String> causes = new ArrayList<>();
        add(causes, "lost_tasks", "new threads or processes could not be recorded (no memory)");
        add(causes, "lost_calls", "calls were made while the kernel was looking another one up");
        add(causes, "lost_others", "calls were of more distinct numbers than there is room for");
        add(causes, "misses", "times the kernel did not run a program that counts calls");
        add(
                causes,
                "orphans",
                "processes ended while they were looked for, so their children may have been"
                        + " overlooked (attach again)");
        add(causes, "deep", "processes have too many ancestors to be told apart");
        return causes;
    }

    private void add(List<String> causes, String counter, String what) {
        if (tally.get(counter) != 0) {
            causes.add(tally.get(counter) + " " + what);
        }
    }

    /** What was not to be seen, though nothing was lost. */
    List<String> reservations() {
        List<String> reservations = new ArrayList<>();
        if (tally.get("unwatched") > 0) {
            reservations.add(
                    "the program loads a seccomp filter of its own: calls that this refused in the"
                            + " first milliseconds may not be listed (--runs 2 lists them)");
        }
        if (tally.get("unnamed") > 0) {
            reservations.add(
                    "there were more programs and libraries than can be told apart, or longer"
                            + " paths: some calls have no executable or no origin");
        }
        return reservations;
    }
}

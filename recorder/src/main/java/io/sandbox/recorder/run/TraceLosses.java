// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import java.util.ArrayList;
import java.util.List;

/** Decides from the counters in the kernel whether a recording is complete. */
record TraceLosses(CallTrace.Tally tally) {
    /** How many calls are known to be lost. How many a lost process made is not known. */
    long count() {
        return tally.get("lost_calls") + tally.get("lost_others") + tally.get("misses");
    }

    List<String> causes() {
        List<String> causes = new ArrayList<>();
        add(
                causes,
                "lost_tasks",
                "new threads or processes could not be recorded, since the kernel had no memory or"
                        + " was busy with others (try again)");
        add(causes, "lost_calls", "calls could not be stored in the kernel");
        add(causes, "lost_others", "calls could not be stored: too many different numbers");
        add(causes, "misses", "times the kernel did not run the program that counts calls");
        add(
                causes,
                "orphans",
                "processes ended before they were found, so their children may have been"
                        + " overlooked (attach again)");
        add(causes, "deep", "processes have too many ancestors to be assigned");
        return causes;
    }

    private void add(List<String> causes, String counter, String what) {
        if (tally.get(counter) != 0) {
            causes.add(tally.get(counter) + " " + what);
        }
    }

    /** What the recording may lack although no counter shows a loss. */
    List<String> reservations() {
        List<String> reservations = new ArrayList<>();
        if (tally.get("unwatched") > 0) {
            reservations.add(
                    "the program loads a seccomp filter of its own: calls that this filter refused"
                            + " in its first milliseconds may be missing (sandbox learn --runs 2"
                            + " lists them)");
        }
        if (tally.get("unnamed") > 0) {
            reservations.add(
                    "some calls have no executable or no origin: there were too many programs and"
                            + " libraries, or their paths are too long");
        }
        return reservations;
    }
}

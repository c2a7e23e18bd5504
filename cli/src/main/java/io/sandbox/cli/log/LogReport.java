// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import io.sandbox.cli.output.Console;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.recorder.log.LogTally;
import java.util.List;
import java.util.Optional;

/** Prints messages about logs, besides the result. */
record LogReport(Console console, boolean quiet) {
    private static final int NAMED_EXECUTABLES = 3;

    /** Says that nothing is to show: a log without records, or without matching ones. */
    void sayNothingFound(LogTally tally, Optional<String> exe) {
        if (quiet) {
            return;
        }
        if (tally.unwanted() == 0) {
            String other = tally.testRecords() > 0 ? "other " : "";
            console.say("no " + other + "seccomp records found");
        } else {
            boolean isName = exe.isPresent() && exe.get().indexOf('/') < 0;
            console.say(noneFits(tally) + (isName ? "; --exe takes a whole path" : ""));
        }
    }

    private static String noneFits(LogTally tally) {
        return tally.unwanted() == 1
                ? "the only record does not fit"
                : "none of " + tally.unwanted() + " records fits";
    }

    /**
     * Tells about canaries, the test records of sandbox log --canary and sandbox learn. They are
     * left out everywhere, since no program needed their calls.
     */
    void sayTestRecords(LogTally tally) {
        if (tally.testRecords() > 0 && !quiet) {
            String records = Wording.count(tally.testRecords(), "test record");
            console.say("left out: " + records + " (canaries)");
        }
    }

    /** Tells what the reader must know about the origin of the records. */
    void sayDoubts(LogTally tally, boolean unitWanted) {
        if (tally.containerRecords() > 0) {
            console.say(
                    Wording.count(tally.containerRecords(), "record")
                            + " from the output of containers, which the kernel may not have"
                            + " written");
        }
        if (tally.withoutTime() > 0) {
            console.say(
                    tally.withoutTime()
                            + " records have no time that is known, so --since and --until left"
                            + " them out");
        }
        if (unitWanted && tally.withUnit() == 0) {
            console.say(
                    "--in-unit: no record names a unit (journalctl -o json, -o export and --journal"
                            + " do)");
        }
    }

    void sayGaps(LogTally tally) {
        List<String> gaps = tally.gaps();
        if (!gaps.isEmpty()) {
            console.say("incomplete: " + String.join("; ", gaps));
        }
    }

    void sayList(LogList list, boolean partial) {
        if (!list.problems().isEmpty()) {
            console.say(
                    (partial ? "incomplete: " : "no list: ")
                            + String.join("; ", list.problems())
                            + (partial ? "" : " (--partial prints what there is)"));
            return;
        }
        if (quiet) {
            return;
        }
        List<String> executables = list.executables();
        if (executables.size() > 1) {
            int named = Math.min(NAMED_EXECUTABLES, executables.size());
            int others = executables.size() - named;
            String more = others > 0 ? " and " + others + " more, which the table shows" : "";
            String names = String.join(", ", executables.subList(0, named)) + more;
            String form = "the list is for %s executables together: %s (--exe PATH takes one)";
            console.say(form.formatted(executables.size(), names));
        }
        if (list.denials()) {
            console.say(
                    "calls were refused: the list has only the calls that the filter did not allow"
                            + " then; add them to the list of that filter, and look for calls that"
                            + " come after them");
        }
    }
}

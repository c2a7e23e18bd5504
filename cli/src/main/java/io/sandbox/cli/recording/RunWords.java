// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import static io.sandbox.evidence.drift.report.Wording.count;

import io.sandbox.evidence.Run;

/** Words that the line of a run and the summary have in common. */
public final class RunWords {
    private RunWords() {}

    /** Does not use String.format, whose first use with a fraction costs 7 ms. */
    public static String seconds(Run run) {
        long hundredths = (run.millis() + 5) / 10;
        String fraction = hundredths % 100 < 10 ? ".0" : ".";
        return hundredths / 100 + fraction + hundredths % 100 + " s";
    }

    /** How much there is of it, without the time. */
    public static String extent(Run run, long processes) {
        String calls = count(run.calls().size(), "syscall");
        return calls + ", " + count(run.records(), "record") + " of " + count(processes, "process");
    }
}

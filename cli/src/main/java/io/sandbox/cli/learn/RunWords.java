// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.evidence.Run;
import io.sandbox.syscalldb.ObservedCall;
import java.util.Collection;
import java.util.stream.Collectors;

/** Words that the line of a run and the summary have in common. */
final class RunWords {
    private RunWords() {}

    /** Does not use String.format, whose first use with a fraction costs 7 ms. */
    static String seconds(Run run) {
        long hundredths = (run.millis() + 5) / 10;
        String fraction = hundredths % 100 < 10 ? ".0" : ".";
        return hundredths / 100 + fraction + hundredths % 100 + " s";
    }

    static String names(Collection<ObservedCall> calls) {
        return calls.stream()
                .map(ObservedCall::displayName)
                .sorted()
                .collect(Collectors.joining(" "));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Required;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that a report shows.
 *
 * @param arch the architecture of the list
 * @param doubts why the list must not be relied on, besides gaps in the recording; one sentence
 *     each
 * @param warnings what the recording cannot show, one sentence each
 * @param functions the functions of the places that made calls, as in {@code write+0x14}, as far as
 *     they are known
 * @param policies the list in each format; empty if there is no list
 * @param listed the calls that the list names, also those that were added to it; empty if there is
 *     none
 * @param worth what the list is worth; empty if there is none
 * @param reach what the program's code can call, if that was asked for
 * @param next what the reader can do
 */
public record ReportSources(
        Recording recording,
        Arch arch,
        List<String> doubts,
        List<String> warnings,
        Map<Origin, String> functions,
        List<PolicyText> policies,
        Set<String> listed,
        Optional<ListWorth> worth,
        Optional<ReachShown> reach,
        NextSteps next) {
    public ReportSources {
        Required.all(recording, arch, worth, reach, next);
        doubts = List.copyOf(doubts);
        warnings = List.copyOf(warnings);
        functions = Map.copyOf(functions);
        policies = List.copyOf(policies);
        listed = Set.copyOf(listed);
    }

    /**
     * The list in one format.
     *
     * @param format the format's name on the command line
     * @param about what the format is for
     * @param text the whole file; empty if the format cannot say the list
     * @param losses what the format cannot say, one sentence each
     */
    public record PolicyText(
            String format, String about, String use, String text, List<String> losses) {
        public PolicyText {
            losses = List.copyOf(losses);
        }

        boolean hasLosses() {
            return !losses.isEmpty();
        }

        boolean hasText() {
            return !text.isEmpty();
        }

        Page.Lines lines() {
            return new Page.Lines(text);
        }
    }
}

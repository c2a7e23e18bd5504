// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.cli.output.Console;
import io.sandbox.policy.Action;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.policy.worth.Looser;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says where a list for containers is looser than the default profile that it replaces. */
public final class LooserLines {
    /** The most lines for one profile. */
    private static final int LINES = 8;

    private LooserLines() {}

    /**
     * Prints a line for each call, and one with the number and the names of those that are left.
     *
     * @param replaced what the list may replace; what was said of one is not said again of the next
     */
    public static void say(
            PolicyDocument list,
            Circumstances here,
            List<DefaultProfile> replaced,
            Console console) {
        if (list.otherwise() == Action.LOG) {
            return; // on trial: its user knows that nothing is refused
        }
        Set<String> said = new HashSet<>();
        for (DefaultProfile profile : replaced) {
            List<Looser> found =
                    Looser.between(profile.document(here), list, here).stream()
                            .filter(each -> said.add(each.difference().subject()))
                            .toList();
            String words = "looser than " + profile.about();
            for (Looser each : found.subList(0, Math.min(LINES, found.size()))) {
                String line = line(each.difference(), here.arch(), each.about());
                console.say(words + ": " + line);
            }
            if (found.size() > LINES) {
                String others =
                        found.stream()
                                .skip(LINES)
                                .map(each -> each.difference().subject())
                                .collect(Collectors.joining(" "));
                String form = "%s in %s more: %s (--at-most %s takes all of this away)";
                console.say(form.formatted(words, found.size() - LINES, others, profile));
            }
        }
    }

    /** With the names of values. */
    public static String line(PolicyDifference difference, String arch, String about) {
        return difference.text(text -> ValueNames.in(difference.subject(), arch, text), about);
    }
}

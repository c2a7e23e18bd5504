// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.reach;

import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.reach.ReachableCall;
import io.sandbox.syscalldb.Risk;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A reachable call beside what else is known of it.
 *
 * @param ruling what the policy says, if it allows the call with some arguments or all
 * @param seen whether a recording shows it
 * @param exercise what a test can do to make it
 */
record ReviewedCall(
        ReachableCall call,
        Optional<Ruling> ruling,
        boolean seen,
        Risk risk,
        Optional<String> exercise) {
    private static final int MOST_ALTERNATIVES = 4;

    /** A value of which {@link ValueNames} knows the name. */
    private static final Pattern NAMED = Pattern.compile("==[0-9]+ \\((.+?)\\)");

    boolean allowed() {
        return ruling.isPresent();
    }

    /** The ruling of a policy that allows the call with some arguments only. */
    Optional<Ruling> condition() {
        return ruling.filter(each -> each.extent() == Ruling.Extent.SOMETIMES);
    }

    /** Whether the policy allows it with some arguments only, and it is no call of low risk. */
    boolean isRestricted() {
        return condition().isPresent() && risk.level() != Risk.Level.LOW;
    }

    /**
     * The call with the arguments that the policy allows, such as {@code socket(AF_UNIX)}: of each
     * alternative the names of its values, or its conditions if no value has a name.
     */
    String restricted(String arch) {
        List<String> alternatives =
                condition().stream()
                        .flatMap(each -> each.entries().stream())
                        .map(entry -> alternative(ValueNames.in(call.name(), arch, entry)))
                        .distinct()
                        .toList();
        String shown =
                alternatives.stream().limit(MOST_ALTERNATIVES).collect(Collectors.joining(", "));
        String more = alternatives.size() > MOST_ALTERNATIVES ? ", ..." : "";
        return call.name() + (shown.isEmpty() ? "" : "(" + shown + more + ")");
    }

    private static String alternative(String entry) {
        List<MatchResult> named = NAMED.matcher(entry).results().toList();
        return named.isEmpty()
                ? entry.substring(entry.indexOf('(') + 1, entry.length() - 1)
                : named.stream().map(each -> each.group(1)).collect(Collectors.joining(" "));
    }

    /**
     * Whether a tester should know of it: nobody allows it, and no test made it.
     *
     * @param isCompared whether there is a policy or a recording, which have what every program
     *     does at its start
     */
    boolean isOpen(boolean isCompared) {
        return !allowed() && !seen && (!call.floor() || isCompared && call.isAskedFor());
    }

    /** By what the program leads there: the name that it imports, or its own code. */
    String origin() {
        return call.imported().orElse("its own code");
    }
}

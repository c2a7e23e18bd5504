// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.evidence.WatchedArgument;
import io.sandbox.policy.format.ConstantNames;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts names after the values of arguments in a decision: {@code arg0==2 (AF_INET)}. */
public final class ValueNames {
    private static final Pattern EQUALITY =
            Pattern.compile("arg([0-5])(&0x[0-9a-f]+)?[=!]=([0-9]+)");
    private static final String LOW_HALF = "&0xffffffff";

    private ValueNames() {}

    /**
     * @param arch the architecture's name
     * @param text as {@code CallSummary} has it
     */
    public static String in(String call, String arch, String text) {
        Matcher matcher = EQUALITY.matcher(text);
        return matcher.replaceAll(
                found -> {
                    String name = name(call, arch, found).map(n -> " (" + n + ")").orElse("");
                    return Matcher.quoteReplacement(found.group() + name);
                });
    }

    private static Optional<String> name(String call, String arch, MatchResult found) {
        if (found.group(2) != null && !found.group(2).equals(LOW_HALF)) {
            return Optional.empty(); // a test of some bits
        }
        long value = Long.parseUnsignedLong(found.group(3));
        return WatchedArgument.find(call, Integer.parseInt(found.group(1)))
                .flatMap(
                        argument ->
                                ConstantNames.of(
                                        arch, argument.prefixes(), argument.choiceMask(), value));
    }
}

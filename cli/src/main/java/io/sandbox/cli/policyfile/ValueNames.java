// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.evidence.WatchedArgument;
import io.sandbox.policy.format.ConstantNames;
import java.util.List;
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
        StringBuilder named = new StringBuilder();
        String before = "";
        int end = 0;
        while (matcher.find()) {
            boolean sameRule = matcher.start() == end + 1;
            Optional<String> name = name(call, arch, matcher, sameRule ? before : "");
            before = name.orElse("");
            end = matcher.end();
            String shown = matcher.group() + name.map(each -> " (" + each + ")").orElse("");
            matcher.appendReplacement(named, Matcher.quoteReplacement(shown));
        }
        return matcher.appendTail(named).toString();
    }

    private static Optional<String> name(
            String call, String arch, MatchResult found, String before) {
        if (found.group(2) != null && !found.group(2).equals(LOW_HALF)) {
            return Optional.empty(); // a test of some bits
        }
        int index = Integer.parseInt(found.group(1));
        long value = Long.parseUnsignedLong(found.group(3));
        boolean isOption = call.equals("setsockopt") && index == 2;
        return WatchedArgument.find(call, index)
                .flatMap(
                        argument ->
                                ConstantNames.of(
                                        arch,
                                        isOption ? optionsOf(before) : argument.prefixes(),
                                        argument.choiceMask(),
                                        value));
    }

    /** How the names of options begin that belong to a level, such as SOL_SOCKET. */
    private static List<String> optionsOf(String level) {
        return switch (level) {
            case "SOL_SOCKET" -> List.of("SO_");
            case "" -> List.of();
            default -> List.of(level.replace("IPPROTO_", "") + "_");
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.evidence.WatchedArgument;
import io.sandbox.policy.format.ConstantNames;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts names after the values of arguments in a decision: {@code arg0==2 (AF_INET)}, {@code
 * arg2&0x4==0 (without PROT_EXEC)}.
 */
public final class ValueNames {
    private static final Pattern EQUALITY =
            Pattern.compile("arg([0-5])(&0x[0-9a-f]+)?[=!]=([0-9]+)");
    private static final Pattern TEST =
            Pattern.compile(
                    "arg([0-5])(&0x[0-9a-f]+)?(==|!=|<=|>=|<|>)([0-9]+)(?: \\(([^)]*)\\))?");
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

    /** A decision in words: {@code argument 0 is AF_INET and argument 2 is not 9}. */
    public static String inWords(String call, String arch, String text) {
        String named = in(call, arch, text).replaceAll(",(?=arg[0-5])", " and ");
        return TEST.matcher(named).replaceAll(found -> Matcher.quoteReplacement(words(found)));
    }

    private static String words(MatchResult found) {
        Optional<String> name = Optional.ofNullable(found.group(5));
        boolean isWhole = found.group(2) == null || found.group(2).equals(LOW_HALF);
        String bits = isWhole || name.isPresent() ? "" : found.group(2).replace("&", " & ");
        return "argument %s%s %s %s"
                .formatted(
                        found.group(1),
                        bits,
                        operator(found.group(3)),
                        name.orElse(found.group(4)));
    }

    private static String operator(String sign) {
        return switch (sign) {
            case "==" -> "is";
            case "!=" -> "is not";
            case "<" -> "is below";
            case "<=" -> "is at most";
            case ">" -> "is above";
            default -> "is at least";
        };
    }

    private static Optional<String> name(
            String call, String arch, MatchResult found, String before) {
        int index = Integer.parseInt(found.group(1));
        Optional<WatchedArgument> watched = WatchedArgument.find(call, index);
        if (watched.isEmpty()) {
            return Optional.empty();
        }
        WatchedArgument argument = watched.get();
        long value = Long.parseUnsignedLong(found.group(3));
        if (found.group(2) != null && !found.group(2).equals(LOW_HALF)) {
            long mask = Long.parseUnsignedLong(found.group(2).substring("&0x".length()), 16);
            if (mask != argument.choiceMask()) {
                boolean equal = found.group().contains("==");
                return equal ? flags(call, arch, argument, mask, value) : Optional.empty();
            }
        }
        boolean isOption = call.equals("setsockopt") && index == 2;
        List<String> prefixes = isOption ? optionsOf(before) : argument.prefixes();
        return ConstantNames.of(arch, prefixes, argument.choiceMask(), value);
    }

    /** Which flags a test of some bits wants, and without which others. */
    private static Optional<String> flags(
            String call, String arch, WatchedArgument argument, long mask, long value) {
        long refused = mask & ~value;
        if ((mask & argument.choiceMask()) != 0 || refused == 0) {
            return Optional.empty();
        }
        Optional<String> without =
                call.equals("clone") && refused == WatchedArgument.NAMESPACES
                        ? Optional.of("without CLONE_NEW*")
                        : ConstantNames.of(arch, argument.prefixes(), 0, refused)
                                .map("without "::concat);
        return value == 0
                ? without
                : ConstantNames.of(arch, argument.prefixes(), 0, value)
                        .flatMap(wanted -> without.map(rest -> wanted + " " + rest));
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

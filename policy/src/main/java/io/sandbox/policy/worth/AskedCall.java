// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.format.ConstantNames;
import io.sandbox.policy.meaning.CallNames;
import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call that somebody asks about, such as {@code socket(AF_ALG, SOCK_SEQPACKET, 0)}.
 *
 * @param where the values of its arguments; those that are not given can be any
 */
public record AskedCall(CallRef call, List<Condition> where) {
    private static final Pattern WORD =
            Pattern.compile("([a-z_][a-z0-9_]*)(?:\\((.*)\\))?", Pattern.DOTALL);
    private static final String ANY = "*";

    public AskedCall {
        where = List.copyOf(where);
    }

    /**
     * Parses a call. An argument is a number, a name, several of these with | between them, or a
     * star, which is any value.
     *
     * @param arch the architecture's name, which decides about the values of names
     * @throws IllegalArgumentException if the text is no call of the architecture; says why
     */
    public static AskedCall parse(String text, String arch) {
        Matcher matcher = WORD.matcher(text);
        if (!matcher.matches()) {
            String asked = withValue(text, arch);
            throw new IllegalArgumentException(
                    "not a call or an exploit" + (asked.isEmpty() ? "" : " (try: " + asked + ")"));
        }
        CallRef call = new CallRef.Named(matcher.group(1));
        SyscallFacts facts =
                CallNames.on(arch)
                        .canonical(call)
                        .flatMap(SyscallDb.get()::facts)
                        .orElseThrow(
                                () -> new IllegalArgumentException("no system call of " + arch));
        String list = matcher.group(2);
        if (list == null || list.isBlank()) {
            return new AskedCall(call, List.of());
        }
        String[] arguments = list.split(",", -1);
        if (arguments.length > facts.arguments().size()) {
            throw new IllegalArgumentException(
                    call + " has only " + facts.arguments().size() + " arguments");
        }
        List<Condition> where = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (!arguments[i].strip().equals(ANY)) {
                where.add(Condition.of(i, Operator.EQ, value(arguments[i], arch)));
            }
        }
        return new AskedCall(call, where);
    }

    /** The calls that have an argument of this value, as they are asked about. */
    private static String withValue(String name, String arch) {
        Set<String> calls = new LinkedHashSet<>();
        for (CallClass each : SyscallDb.get().callClasses()) {
            for (CallClass.Value value : each.values()) {
                if (value.name().equals(name) && each.arches().contains(arch)) {
                    String before = (ANY + ", ").repeat(value.argument());
                    calls.add("'" + each.call() + "(" + before + name + ")'");
                }
            }
        }
        return String.join(" ", calls);
    }

    private static long value(String text, String arch) {
        long value = 0;
        for (String part : text.split("\\|", -1)) {
            value |= part(part.strip(), arch);
        }
        return value;
    }

    private static long part(String text, String arch) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an argument is empty (* is any value)");
        }
        try {
            if (text.matches("-?[0-9].*")) {
                return Long.decode(text);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number: " + text);
        }
        for (CallClass each : SyscallDb.get().callClasses()) {
            for (CallClass.Value value : each.values()) {
                if (value.name().equals(text) && each.arches().contains(arch)) {
                    return value.value();
                }
            }
        }
        OptionalLong known = ConstantNames.valueOf(arch, text);
        return known.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                "no name with a known value on " + arch + ": " + text));
    }
}

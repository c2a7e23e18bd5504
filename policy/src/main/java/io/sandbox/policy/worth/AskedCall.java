// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.format.ConstantNames;
import io.sandbox.policy.meaning.CallNames;
import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A call that somebody asks about, such as {@code socket(AF_ALG, SOCK_SEQPACKET, 0)}.
 *
 * @param where the values of its arguments; those that are not given can be any
 */
public record AskedCall(CallRef call, List<Condition> where) {
    private static final Pattern WORD =
            Pattern.compile("([a-z_][a-z0-9_]*)(?:\\((.*)\\))?", Pattern.DOTALL);
    private static final String ANY = "*";

    /** The most questions that are proposed. */
    private static final int MOST_TRIES = 4;

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
            throw unknown(
                    text.startsWith("CVE-")
                            ? "not one of the exploits that are known here"
                            : "not a call or an exploit",
                    text,
                    arch);
        }
        CallRef call = new CallRef.Named(matcher.group(1));
        SyscallFacts facts =
                CallNames.on(arch)
                        .canonical(call)
                        .flatMap(SyscallDb.get()::facts)
                        .orElseThrow(() -> unknown("no system call of " + arch, text, arch));
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
                requirePlace(arguments[i].strip(), i, facts.name(), arch);
                where.add(Condition.of(i, Operator.EQ, value(arguments[i], arch)));
            }
        }
        return new AskedCall(call, where);
    }

    /** With what may have been meant: a value, words about a class of calls, a part of a name. */
    private static IllegalArgumentException unknown(String problem, String text, String arch) {
        String small = text.toLowerCase(Locale.ROOT);
        Pattern words =
                Pattern.compile("\\b" + Pattern.quote(small.replaceFirst("s$", "")) + "\\b");
        List<Predicate<CallClass>> meant =
                List.of(
                        each -> each.values().stream().anyMatch(is -> is.name().equals(text)),
                        each -> each.id().equals(text) || words.matcher(each.about()).find());
        List<String> calls =
                SyscallDb.get().table(SyscallDb.get().archByName(arch).orElseThrow()).all().stream()
                        .map(Syscall::name)
                        .filter(name -> name.contains(small))
                        .toList();
        Set<String> tries = new LinkedHashSet<>(calls.contains(small) ? List.of(small) : List.of());
        for (Predicate<CallClass> kind : meant) {
            if (tries.isEmpty()) {
                SyscallDb.get().callClasses().stream()
                        .filter(each -> each.arches().contains(arch) && kind.test(each))
                        .forEach(each -> tries.add(question(each)));
            }
        }
        if (tries.isEmpty() && text.length() >= 4) {
            tries.addAll(calls);
        }
        return new IllegalArgumentException(
                problem
                        + (tries.isEmpty()
                                ? ""
                                : tries.stream()
                                        .limit(MOST_TRIES)
                                        .collect(Collectors.joining(" ", " (try: ", ")"))));
    }

    /** How somebody asks for the first value that makes a call one of this class. */
    private static String question(CallClass each) {
        Optional<CallClass.Value> named =
                each.values().stream().filter(value -> !value.name().isEmpty()).findFirst();
        return named.map(value -> "'" + each.call() + before(value) + value.name() + ")'")
                .orElse(each.call());
    }

    private static String before(CallClass.Value value) {
        return "(" + (ANY + ", ").repeat(value.argument());
    }

    /** A name at another place than its own would be asked about as a number that it is not. */
    private static void requirePlace(String name, int place, String call, String arch) {
        List<CallClass.Value> known =
                SyscallDb.get().callClasses().stream()
                        .filter(each -> each.call().equals(call) && each.arches().contains(arch))
                        .flatMap(each -> each.values().stream())
                        .filter(value -> value.name().equals(name))
                        .toList();
        if (!known.isEmpty() && known.stream().noneMatch(value -> value.argument() == place)) {
            throw new IllegalArgumentException(
                    "%s is a value of argument %d (try: '%s%s%s)')"
                            .formatted(
                                    name,
                                    known.get(0).argument(),
                                    call,
                                    before(known.get(0)),
                                    name));
        }
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

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
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
                            ? "not a hole that is known here (kernelCTF, 2023 to 2025, and CVE"
                                    + " records of 2026): ask for calls that its description"
                                    + " names, as one asks for 'unshare(CLONE_NEWUSER)'"
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

    private static IllegalArgumentException unknown(String problem, String text, String arch) {
        List<String> tries = proposals(text, arch);
        return new IllegalArgumentException(
                problem + (tries.isEmpty() ? "" : " (try: " + String.join(" ", tries) + ")"));
    }

    /** What may have been meant: the call, a value, words about a class, a part of a name. */
    private static List<String> proposals(String text, String arch) {
        String small = text.toLowerCase(Locale.ROOT);
        SyscallDb db = SyscallDb.get();
        List<String> calls =
                db.table(db.arch(arch)).all().stream()
                        .map(Syscall::name)
                        .filter(name -> name.contains(small))
                        .toList();
        if (calls.contains(small)) {
            return List.of(small);
        }
        Pattern words =
                Pattern.compile("\\b" + Pattern.quote(small.replaceFirst("s$", "")) + "\\b");
        List<String> tries = questions(arch, each -> !valuesNamed(Stream.of(each), text).isEmpty());
        if (tries.isEmpty()) {
            tries =
                    questions(
                            arch,
                            each -> each.id().equals(text) || words.matcher(each.about()).find());
        }
        if (tries.isEmpty() && text.length() >= 4) {
            tries = calls;
        }
        return tries.stream().distinct().limit(MOST_TRIES).toList();
    }

    /** How somebody asks for the first value that makes a call one of such a class. */
    private static List<String> questions(String arch, Predicate<CallClass> wanted) {
        return classes(arch)
                .filter(wanted)
                .map(
                        each ->
                                each.values().stream()
                                        .filter(value -> !value.name().isEmpty())
                                        .findFirst()
                                        .map(value -> question(each.call(), value))
                                        .orElse(each.call()))
                .toList();
    }

    private static String question(String call, CallClass.Value value) {
        return "'" + call + "(" + (ANY + ", ").repeat(value.argument()) + value.name() + ")'";
    }

    private static Stream<CallClass> classes(String arch) {
        CallNames calls = CallNames.on(arch);
        return SyscallDb.get().callClasses().stream()
                .filter(each -> each.arches().contains(arch))
                .filter(each -> calls.canonical(new CallRef.Named(each.call())).isPresent());
    }

    private static List<CallClass.Value> valuesNamed(Stream<CallClass> classes, String name) {
        return classes.flatMap(each -> each.values().stream())
                .filter(value -> value.name().equals(name))
                .toList();
    }

    /** A name at another place than its own would be asked about as a number that it is not. */
    private static void requirePlace(String name, int place, String call, String arch) {
        List<CallClass.Value> known =
                valuesNamed(classes(arch).filter(each -> each.call().equals(call)), name);
        if (!known.isEmpty() && known.stream().noneMatch(value -> value.argument() == place)) {
            throw new IllegalArgumentException(
                    "%s is a value of argument %d (try: %s)"
                            .formatted(
                                    name, known.get(0).argument(), question(call, known.get(0))));
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
        List<CallClass.Value> values = valuesNamed(classes(arch), text);
        if (!values.isEmpty()) {
            return values.get(0).value();
        }
        return ConstantNames.valueOf(arch, text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no name with a known value on " + arch + ": " + text));
    }
}

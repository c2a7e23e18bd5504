// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.PolicyText;
import io.sandbox.syscalldb.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What one run showed of one call by one program.
 *
 * @param number the call's number, as the kernel recorded it
 * @param count how often the call was recorded, at least once
 * @param firstMillis when it was first recorded, in ms after the start of the run
 * @param lastMillis when it was last recorded, in the same way; empty where that is not known
 * @param beforeEntry how many of these calls came before the program's entry, from the dynamic
 *     linker and constructors; empty where that is not known
 * @param origin where the first one was made, if the process still lived when it was looked up
 * @param arguments the distinct values of the arguments that choose what the call does, sorted.
 *     Each is written as conditions of a list's entry that only these values fulfil. Empty if they
 *     are unknown or were too many
 * @param tests which tests made it; empty if that was not looked at
 */
public record CallEvidence(
        int number,
        long count,
        long firstMillis,
        OptionalLong lastMillis,
        OptionalLong beforeEntry,
        Optional<Origin> origin,
        Optional<List<String>> arguments,
        Optional<CallTests> tests) {
    static final Comparator<CallEvidence> ORDER = CallEvidence::compare;

    private static int compare(CallEvidence a, CallEvidence b) {
        return Integer.compare(a.number, b.number);
    }

    public CallEvidence {
        Required.all(lastMillis, beforeEntry, origin, arguments, tests);
        if (arguments.isPresent()) {
            arguments = Optional.of(checked(arguments.get()));
        }
        if (count < 1) {
            throw new IllegalArgumentException("a call with count " + count);
        }
        if (firstMillis < 0) {
            throw new IllegalArgumentException("a call before the start: " + firstMillis + " ms");
        }
        if (lastMillis.isPresent() && lastMillis.getAsLong() < firstMillis) {
            throw new IllegalArgumentException("a last call before the first");
        }
        if (beforeEntry.isPresent()
                && (beforeEntry.getAsLong() < 0 || beforeEntry.getAsLong() > count)) {
            throw new IllegalArgumentException("more calls before the entry than calls");
        }
    }

    /** Of which nothing else is known. */
    public CallEvidence(int number, long count, long firstMillis) {
        this(number, count, firstMillis, OptionalLong.empty(), Optional.empty());
    }

    /** Without the last time, arguments and tests. */
    public CallEvidence(
            int number,
            long count,
            long firstMillis,
            OptionalLong beforeEntry,
            Optional<Origin> origin) {
        this(
                number,
                count,
                firstMillis,
                OptionalLong.empty(),
                beforeEntry,
                origin,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * This call with the arguments that the kernel has collected.
     *
     * @param values for each combination, those of the watched arguments in order; empty if unknown
     */
    public CallEvidence withArguments(List<WatchedArgument> watched, List<List<Long>> values) {
        return withArguments(ArgumentTally.conditions(watched, values));
    }

    public CallEvidence withArguments(Optional<List<String>> others) {
        return new CallEvidence(
                number, count, firstMillis, lastMillis, beforeEntry, origin, others, tests);
    }

    private static boolean isEntry(String text) {
        try {
            PolicyText.parseEntries(text);
            return true;
        } catch (PolicySyntaxException e) {
            return false;
        }
    }

    private static List<String> checked(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("arguments: empty, although the call was made");
        }
        for (String conditions : arguments) {
            // The call 0 stands for any: only conditions are checked. A colon would begin an entry.
            if (conditions.contains(":") || !isEntry("0(" + conditions + ")")) {
                throw new IllegalArgumentException("arguments: not conditions");
            }
        }
        return arguments.stream().sorted().distinct().toList();
    }

    /** One for each number. */
    static List<CallEvidence> merge(List<CallEvidence> calls) {
        Map<Integer, CallEvidence> merged = new TreeMap<>();
        calls.forEach(call -> merged.merge(call.number, call, CallEvidence::plus));
        return List.copyOf(merged.values());
    }

    private static Optional<CallTests> together(Optional<CallTests> a, Optional<CallTests> b) {
        if (a.isPresent() && b.isPresent()) {
            return Optional.of(a.get().plus(b.get()));
        }
        return a.isPresent() ? a : b;
    }

    private CallEvidence plus(CallEvidence other) {
        CallEvidence first = firstMillis <= other.firstMillis ? this : other;
        Optional<List<String>> values = Optional.empty();
        if (arguments.isPresent() && other.arguments.isPresent()) {
            List<String> all = new ArrayList<>(arguments.get());
            all.addAll(other.arguments.get());
            values = Optional.of(all);
        }
        OptionalLong early = OptionalLong.empty();
        if (beforeEntry.isPresent() && other.beforeEntry.isPresent()) {
            early = OptionalLong.of(beforeEntry.getAsLong() + other.beforeEntry.getAsLong());
        }
        OptionalLong late = OptionalLong.empty();
        if (lastMillis.isPresent() && other.lastMillis.isPresent()) {
            late = OptionalLong.of(Math.max(lastMillis.getAsLong(), other.lastMillis.getAsLong()));
        }
        return new CallEvidence(
                number,
                count + other.count,
                first.firstMillis,
                late,
                early,
                first.origin,
                values,
                together(tests, other.tests));
    }
}

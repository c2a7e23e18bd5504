// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.meaning.Region;
import io.sandbox.policy.meaning.Ruling;
import java.util.List;
import java.util.Optional;

/** What recorded values of a call's arguments say about conditions of a policy. */
public final class RecordedArguments {
    private RecordedArguments() {}

    /** Whether the policy allows a call with these values, as {@code CallEvidence} has them. */
    public static boolean isAllowed(String values, Ruling ruling) {
        return isWithin(conditions(values), ruling);
    }

    /**
     * Whether the values of all calls were recorded, and the policy allows every one.
     *
     * @param recorded for each part of the evidence, as in {@code CallEvidence}
     */
    static boolean allAllowed(Ruling ruling, List<Optional<List<String>>> recorded) {
        return !ruling.entries().isEmpty()
                && recorded.stream().allMatch(Optional::isPresent)
                && recorded.stream()
                        .flatMap(values -> values.get().stream())
                        .allMatch(values -> isAllowed(values, ruling));
    }

    /** The recorded values that the policy does not allow, each once. */
    static List<String> refused(Ruling ruling, List<Optional<List<String>>> recorded) {
        return ruling.entries().isEmpty()
                ? List.of()
                : recorded.stream()
                        .flatMap(Optional::stream)
                        .flatMap(List::stream)
                        .filter(values -> isOutside(conditions(values), ruling))
                        .distinct()
                        .toList();
    }

    private static List<Condition> conditions(String values) {
        return PolicyText.parseEntries("x(" + values + ")").get(0).conditions();
    }

    private static List<Condition> conditionsOf(String entry) {
        return PolicyText.parseEntries(entry).get(0).conditions();
    }

    private static boolean isWithin(List<Condition> values, Ruling ruling) {
        return ruling.entries().stream()
                .anyMatch(
                        entry ->
                                conditionsOf(entry).stream()
                                        .allMatch(condition -> implies(values, condition)));
    }

    /** Whether no call with these values can lack the condition. */
    private static boolean implies(List<Condition> values, Condition condition) {
        return Region.negation(condition).stream()
                .noneMatch(opposite -> Region.overlap(values, opposite));
    }

    private static boolean isOutside(List<Condition> values, Ruling ruling) {
        return ruling.entries().stream()
                .noneMatch(entry -> Region.overlap(values, conditionsOf(entry)));
    }
}

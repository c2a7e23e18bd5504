// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a difference between two policies about one call opens and closes, in plain words. */
public final class ClassDifference {
    /** How the words begin if something is opened. */
    public static final String OPENS = "opens: ";

    /** The most classes that one line of many names. */
    private static final int NAMED = 5;

    private final PolicyMeaning before;
    private final PolicyMeaning after;
    private final List<CallClass> classes = new ArrayList<>(SyscallDb.get().callClasses());
    private final Set<String> needed = new HashSet<>();

    /** For two policies in the same circumstances. */
    public ClassDifference(PolicyMeaning before, PolicyMeaning after) {
        this.before = before;
        this.after = after;
        SyscallDb.get().exploits().forEach(exploit -> needed.addAll(exploit.needs()));
        classes.sort(Comparator.comparing(CallClass::risk)); // the worst first
    }

    /**
     * Such as {@code opens: a new user namespace}; empty if no class of the call differs. Of a call
     * that one policy allows and the other refuses, whatever its arguments, only the classes are
     * named that known exploits need.
     */
    public String about(String call) {
        return about(call, NAMED);
    }

    /** Names all classes that differ: for somebody who asked for the difference. */
    public String all(String call) {
        return about(call, Integer.MAX_VALUE);
    }

    private String about(String call, int most) {
        boolean whole = isWhole(before, call) && isWhole(after, call);
        Set<String> opened = new LinkedHashSet<>();
        Set<String> closed = new LinkedHashSet<>();
        for (CallClass each : classes) {
            if (each.call().equals(call) && (!whole || needed.contains(each.id()))) {
                boolean was = way(before, each).isPresent();
                boolean is = way(after, each).isPresent();
                if (was != is) {
                    (is ? opened : closed).add(each.about());
                }
            }
        }
        List<String> parts = new ArrayList<>();
        add(parts, OPENS, opened, most);
        add(parts, "closes: ", closed, most);
        return String.join("; ", parts);
    }

    private static boolean isWhole(PolicyMeaning policy, String call) {
        return Character.isLetter(call.charAt(0))
                && !call.contains(" ")
                && policy.about(policy.arch(), new CallRef.Named(call)).extent()
                        != Ruling.Extent.SOMETIMES;
    }

    private static void add(List<String> parts, String word, Set<String> abouts, int most) {
        if (!abouts.isEmpty()) {
            String more = abouts.size() > most ? " and " + (abouts.size() - most) + " more" : "";
            parts.add(word + String.join(", ", abouts.stream().limit(most).toList()) + more);
        }
    }

    /** What the policy does with such a call, if it lets the call through. */
    public static Optional<Outcome> way(PolicyMeaning meaning, CallClass each) {
        CallRef call = new CallRef.Named(each.call());
        if (!each.arches().contains(meaning.arch()) || !meaning.exists(call)) {
            return Optional.empty();
        }
        return meaning.outcomes(call, conditions(each)).stream()
                .filter(Outcome::passes)
                .findFirst();
    }

    /** What the arguments of such a call must have. */
    public static List<Condition> conditions(CallClass each) {
        List<Condition> conditions = new ArrayList<>();
        for (CallClass.Value value : each.values()) {
            Operator operator = value.equal() ? Operator.EQ : Operator.NE;
            conditions.add(
                    value.mask() == -1
                            ? Condition.of(value.argument(), operator, value.value())
                            : Condition.masked(value.argument(), value.mask(), value.value()));
        }
        return conditions;
    }
}

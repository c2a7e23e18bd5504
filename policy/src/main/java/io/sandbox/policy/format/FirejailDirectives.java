// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.meaning.Outcome;
import io.sandbox.policy.meaning.PolicyMeaning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The lines beside its lists with which firejail refuses calls for some of their arguments, each by
 * a filter of its own. The rules are those of the filters that firejail 0.9.74 loads (seen by
 * {@code policy show --pid}).
 */
final class FirejailDirectives {
    static final String NAMESPACES = "restrict-namespaces";
    static final String PROTOCOL = "protocol";
    static final String WRITE_EXECUTE = "memory-deny-write-execute";

    private static final Map<String, Long> FAMILIES = new LinkedHashMap<>();

    static {
        FAMILIES.put("unix", 1L);
        FAMILIES.put("inet", 2L);
        FAMILIES.put("inet6", 10L);
        FAMILIES.put("netlink", 16L);
        FAMILIES.put("packet", 17L);
        FAMILIES.put("bluetooth", 31L);
    }

    private static final Action EOPNOTSUPP = Action.errno(95);

    /**
     * The rules of a line: the first that holds decides. If none does, the list decides.
     *
     * @param refusal what seccomp-error-action says
     * @return empty if the line has words that are not known
     */
    static Optional<List<Rule>> rules(String word, String value, String arch, Action refusal) {
        return switch (word) {
            case NAMESPACES -> namespaces(value, refusal);
            case PROTOCOL -> protocol(value);
            case WRITE_EXECUTE -> {
                List<Rule> rules =
                        new ArrayList<>(SystemdDirectives.switched("MemoryDenyWriteExecute", arch));
                rules.replaceAll(rule -> rule.withAction(refusal));
                rules.add(rule("memfd_create", refusal));
                yield Optional.of(rules);
            }
            default -> Optional.empty();
        };
    }

    private static Rule rule(String call, Action action, Condition... conditions) {
        return Rule.of(new CallRef.Named(call), List.of(conditions), action);
    }

    private static Optional<List<Rule>> namespaces(String value, Action refusal) {
        long blocked = value.isEmpty() ? SystemdDirectives.ALL_NAMESPACES : 0;
        for (String name : value.isEmpty() ? new String[0] : value.split(",")) {
            Long flag = SystemdDirectives.NAMESPACE_FLAGS.get(name);
            if (flag == null) {
                return Optional.empty();
            }
            blocked |= flag;
        }
        List<Rule> rules = new ArrayList<>();
        for (long flag : SystemdDirectives.NAMESPACE_FLAGS.values()) {
            if ((blocked & flag) != 0) {
                if (flag != SystemdDirectives.TIME) {
                    rules.add(rule("clone", refusal, Condition.masked(0, flag, flag)));
                }
                rules.add(rule("unshare", refusal, Condition.masked(0, flag, flag)));
                rules.add(rule("setns", refusal, Condition.masked(1, flag, flag)));
            }
        }
        rules.add(rule("setns", refusal, Condition.masked(1, LowHalf.MASK, 0)));
        rules.add(rule(SystemdDirectives.CLONE3, UnknownCalls.REFUSAL));
        return Optional.of(rules);
    }

    private static Optional<List<Rule>> protocol(String value) {
        List<Rule> rules = new ArrayList<>();
        for (String name : value.split(",")) {
            if (!FAMILIES.containsKey(name)) {
                return Optional.empty();
            }
            rules.add(
                    rule(
                            "socket",
                            Action.ALLOW,
                            Condition.masked(0, LowHalf.MASK, FAMILIES.get(name))));
        }
        rules.add(rule("socket", EOPNOTSUPP));
        return Optional.of(rules);
    }

    /**
     * The lines that a policy carries and that refuse something which the list lets through.
     *
     * @param letsThrough whether the list lets a call through, by name
     * @param refusal what seccomp-error-action will say
     */
    static List<SystemdDirectives.Carried> carriedBy(
            PolicyMeaning policy, Predicate<String> letsThrough, Action refusal) {
        List<SystemdDirectives.Carried> found = new ArrayList<>();
        long retained = SystemdDirectives.retained(policy);
        String blocked =
                retained == 0
                        ? ""
                        : names(SystemdDirectives.NAMESPACE_FLAGS, flag -> (flag & retained) == 0);
        add(found, policy, letsThrough, NAMESPACES, blocked, refusal);
        String families = names(FAMILIES, family -> passes(policy, family));
        if (!families.isEmpty()) {
            add(found, policy, letsThrough, PROTOCOL, families, refusal);
        }
        add(found, policy, letsThrough, WRITE_EXECUTE, "", refusal);
        return found;
    }

    private static String names(Map<String, Long> values, Predicate<Long> wanted) {
        return String.join(
                ",",
                values.entrySet().stream()
                        .filter(each -> wanted.test(each.getValue()))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static boolean passes(PolicyMeaning policy, long family) {
        Condition one = Condition.of(0, Operator.EQ, family);
        return policy.outcomes(new CallRef.Named("socket"), List.of(one)).stream()
                .anyMatch(Outcome::passes);
    }

    private static void add(
            List<SystemdDirectives.Carried> found,
            PolicyMeaning policy,
            Predicate<String> letsThrough,
            String word,
            String value,
            Action refusal) {
        rules(word, value, policy.arch(), refusal)
                .ifPresent(
                        rules ->
                                SystemdDirectives.add(
                                        found, policy, letsThrough, word, value, rules));
    }
}

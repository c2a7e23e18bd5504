// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RuleText;
import io.sandbox.syscalldb.testing.Table;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Profiles of container runtimes. */
final class RuntimeOrderTest {
    private static String shown(Rule rule) {
        String subject = rule.subject();
        return ActionText.format(rule.action())
                + " "
                + subject.substring(subject.indexOf('(') + 1, subject.length() - 1)
                        .replace(',', ' ');
    }

    @Table
    void matters_isForOverlappingRulesOfDifferentActions(String rules, boolean matters) {
        assertEquals(matters, RuntimeOrder.matters(RuleText.parse(rules)));
    }

    @Table
    void isKnown_isForKindsThatWereMeasured(String rules, boolean known) {
        assertEquals(known, RuntimeOrder.isKnown(RuleText.parse(rules)));
    }

    @Table
    void of_rules_areInTheOrderOfTheTree(String rules, String ordered) {
        assertEquals(
                ordered,
                RuntimeOrder.of(RuleText.parse(rules)).stream()
                        .map(RuntimeOrderTest::shown)
                        .collect(Collectors.joining("~")));
    }

    private static final long[] VALUES = {
        0, 1, 2, 0x7fffffffL, 0x80000000L, 0xfffffffeL, 0xffffffffL, 0x100000000L, -1
    };

    private static boolean holds(int argument, Operator operator, long value, long actual) {
        return LowHalf.compare(argument, operator, value).stream()
                .anyMatch(all -> all.stream().allMatch(one -> one.holds(actual)));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MASKED_EQ")
    void compare_anyValues_isTheComparisonOfTheirLowerHalves(Operator operator) {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long value = i % 2 == 0 ? VALUES[random.nextInt(VALUES.length)] : random.nextLong();
            long actual = (value + random.nextInt(5) - 2) ^ (random.nextLong() << 32);
            assertEquals(
                    Condition.of(2, operator, value & LowHalf.MASK).holds(actual & LowHalf.MASK),
                    holds(2, operator, value, actual),
                    () -> Long.toHexString(actual) + operator + Long.toHexString(value));
        }
    }

    private static final Circumstances HERE = Policies.here("x86_64", "6.12");

    private static Map<String, Object> profile(boolean asksByDefault, List<String> allowed)
            throws Exception {
        ListenerProfile profile =
                new ListenerProfile(
                        "/run/socket",
                        asksByDefault,
                        asksByDefault ? List.of() : List.of("write"),
                        List.of());
        PolicyDocument document = PolicyDocument.of(Allowlist.of(allowed).toPolicy(Action.KILL));
        return JSON.std.mapFrom(profile.write(document, HERE));
    }

    private static Set<String> names(Map<String, Object> profile, String action) {
        Set<String> names = new TreeSet<>();
        for (Object rule : (Collection<?>) profile.get("syscalls")) {
            Map<?, ?> fields = (Map<?, ?>) rule;
            if (fields.get("action").equals(action)) {
                ((Collection<?>) fields.get("names")).forEach(name -> names.add((String) name));
            }
        }
        return names;
    }

    @Test
    void runtimeThatAsksByDefault_isAskedAboutAllThatIsNotAllowed() throws Exception {
        Map<String, Object> profile = profile(true, List.of("read", "kill(arg1==15)"));
        assertEquals("SCMP_ACT_NOTIFY", profile.get("defaultAction"));
        assertEquals("/run/socket", profile.get("listenerPath"));
        assertEquals(Set.of("kill", "read"), names(profile, "SCMP_ACT_ALLOW"));
        assertEquals(
                List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
                profile.get("architectures"));
    }

    @Test
    void flagsAndConditions_areThoseOfTheRuntime() throws Exception {
        List<String> flags = List.of("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
        PolicyDocument document =
                PolicyDocument.of(Allowlist.of(List.of("kill(arg1==15)")).toPolicy(Action.KILL));
        String asked = new ListenerProfile("/s", true, List.of(), flags).write(document, HERE);
        assertEquals(flags, JSON.std.mapFrom(asked).get("flags"));
        assertTrue(asked.contains("\"args\""), asked);
        String named = new ListenerProfile("/s", false, List.of(), List.of()).write(document, HERE);
        assertFalse(JSON.std.mapFrom(named).containsKey("flags"));
        assertFalse(named.contains("\"args\""), named);
    }

    /** It asks about two calls only: the load of another filter that asks, and the mark. */
    @Test
    void writeTelling_mark_isComparedInTwoHalves() {
        ListenerProfile profile = new ListenerProfile("/s", true, List.of(), List.of());
        PolicyDocument telling = Policies.read(profile.writeTelling(0x1_0000_0002L, HERE));
        assertEquals(Action.ALLOW, telling.otherwise());
        assertEquals(
                "seccomp(arg1&0x8==8) notify; seccomp(arg4==2,arg5==1) notify",
                Policies.rules(telling));
    }

    /** A call that nobody knows is not made unseen: it fails as in an older kernel. */
    @Test
    void runtimeThatDoesNot_namesEachCall() throws Exception {
        Map<String, Object> profile = profile(false, List.of("read", "kill(arg1==15)"));
        assertEquals("SCMP_ACT_ERRNO", profile.get("defaultAction"));
        assertEquals(38, profile.get("defaultErrnoRet"));
        assertEquals(Set.of("kill", "read", "write"), names(profile, "SCMP_ACT_ALLOW"));
        Set<String> asked = names(profile, "SCMP_ACT_NOTIFY");
        // Those of 32 bits too.
        assertTrue(asked.containsAll(List.of("execve", "socketcall", "mseal")));
        assertFalse(asked.contains("write") || asked.contains("read") || asked.contains("kill"));
    }
}

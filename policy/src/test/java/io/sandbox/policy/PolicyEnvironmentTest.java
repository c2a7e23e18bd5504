// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Vectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyEnvironmentTest {
    private static Map<String, String> environment(String... namesAndValues) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put("SECCOMP_" + namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private static Policy policy(String... namesAndValues) {
        return PolicyEnvironment.parse(environment(namesAndValues)).policy().orElseThrow();
    }

    private static PolicySyntaxException refusal(String... namesAndValues) {
        return assertThrows(
                PolicySyntaxException.class,
                () -> PolicyEnvironment.parse(environment(namesAndValues)));
    }

    static List<Vectors.Row> blocks() {
        return Vectors.ofTheLibrary("environment.tsv");
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void requireUnambiguous_vector_isAcceptedOrRefusedAsSaid(Vectors.Row row) {
        String outcome = "ok";
        try {
            PolicyEnvironment.requireUnambiguous(row.get(0));
        } catch (PolicySyntaxException e) {
            assertEquals(PolicyMistake.SET_TWICE, e.mistake());
            outcome = "twice " + e.source().orElseThrow();
        }
        assertEquals(row.get(1), outcome);
    }

    @Test
    void requireUnambiguous_mistake_isSaidInTheLibrarysWords() {
        PolicySyntaxException e =
                assertThrows(
                        PolicySyntaxException.class,
                        () ->
                                PolicyEnvironment.requireUnambiguous(
                                        "SECCOMP_SYSCALL_DENY=read\0SECCOMP_SYSCALL_DENY=\0"));
        assertEquals("SECCOMP_SYSCALL_DENY: \"\": set twice, and differently", e.getMessage());
    }

    @Test
    void parse_noList_isNoPolicy() {
        PolicyEnvironment nothing = PolicyEnvironment.parse(Map.of("PATH", "/bin"));
        assertEquals(Optional.empty(), nothing.policy());
        assertFalse(nothing.quiet());
    }

    @Test
    void parse_actionWithoutList_isNoPolicy() {
        PolicyEnvironment environment =
                PolicyEnvironment.parse(environment("DEFAULT_ACTION", "log", "QUIET", "1"));
        assertEquals(Optional.empty(), environment.policy());
        assertTrue(environment.quiet());
    }

    @Test
    void parse_allowAlone_killsByDefault() {
        assertEquals(
                Policy.allowing(List.of(PolicyEntry.of("read")), Action.KILL),
                policy("SYSCALL_ALLOW", "read"));
    }

    @Test
    void parse_emptyAllow_allowsNothing() {
        assertEquals(Policy.allowing(List.of(), Action.KILL), policy("SYSCALL_ALLOW", ""));
    }

    @Test
    void parse_emptyAllowBesideDeny_goesFirst() {
        assertEquals(
                Policy.allowing(List.of(), Action.KILL),
                policy("SYSCALL_ALLOW", "", "SYSCALL_DENY", "read"));
    }

    @Test
    void parse_badDenyBesideAllow_isNotRead() {
        assertEquals(
                Policy.allowing(List.of(PolicyEntry.of(1)), Action.KILL),
                policy("SYSCALL_ALLOW", "1", "SYSCALL_DENY", "((("));
    }

    @Test
    void parse_deny_takesTheActionToo() {
        assertEquals(
                Policy.denying(List.of(PolicyEntry.of("mount")), Action.errno(38)),
                policy("SYSCALL_DENY", "mount", "DEFAULT_ACTION", "errno:ENOSYS"));
    }

    @Test
    void parse_nameThatOnlyBeginsLikeOurs_isPassedOver() {
        assertEquals(
                Optional.empty(),
                PolicyEnvironment.parse(environment("SYSCALL_ALLOWED", "(", "QUIETLY", "x"))
                        .policy());
    }

    @ParameterizedTest
    @CsvSource({"1,true", "0,false", "'',false"})
    void parse_switch_isOnOrOff(String value, boolean on) {
        Map<String, String> both =
                environment("SYSCALL_ALLOW", "", "QUIET", value, "LOG_DENIALS", value);
        PolicyEnvironment environment = PolicyEnvironment.parse(both);
        assertEquals(on, environment.quiet());
        assertEquals(on, environment.policy().orElseThrow().logDenials());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "yes", "true", "on", "00", "01", " ", "1 ", "1\n", "-1"})
    void parse_switchOfAnotherValue_isRefusedEvenWithoutList(String value) {
        for (String name : List.of("QUIET", "LOG_DENIALS")) {
            PolicySyntaxException e = refusal(name, value);
            assertEquals(PolicyMistake.BAD_SWITCH, e.mistake());
            assertEquals(0, e.offset());
            assertEquals(Optional.of("SECCOMP_" + name), e.source());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "allow", "errno:", "Kill", "kill:"})
    void parse_badAction_isRefusedEvenWithoutList(String value) {
        PolicySyntaxException e = refusal("DEFAULT_ACTION", value);
        assertEquals(Optional.of("SECCOMP_DEFAULT_ACTION"), e.source());
    }

    @Test
    void parse_badLists_nameTheirVariable() {
        assertEquals(
                "SECCOMP_SYSCALL_ALLOW: Write: neither a system call name nor a number, at byte 5",
                refusal("SYSCALL_ALLOW", "read:Write").getMessage());
        assertEquals(
                "SECCOMP_SYSCALL_DENY: 1x: not a decimal or 0x-hex number, at byte 1",
                refusal("SYSCALL_DENY", "1x").getMessage());
    }

    @Test
    void parse_severalMistakes_reportsThatOfTheSwitchesAndTheActionFirst() {
        assertEquals(
                "SECCOMP_QUIET: 2: neither 1 (on) nor 0 or empty (off)",
                refusal(
                                "SYSCALL_ALLOW",
                                "(",
                                "DEFAULT_ACTION",
                                "x",
                                "LOG_DENIALS",
                                "2",
                                "QUIET",
                                "2")
                        .getMessage());
        assertEquals(
                Optional.of("SECCOMP_LOG_DENIALS"),
                refusal("SYSCALL_ALLOW", "(", "DEFAULT_ACTION", "x", "LOG_DENIALS", "2").source());
        assertEquals(
                Optional.of("SECCOMP_DEFAULT_ACTION"),
                refusal("SYSCALL_ALLOW", "(", "DEFAULT_ACTION", "x").source());
    }

    @Test
    void parse_mistake_keepsOffsetAndCause() {
        PolicySyntaxException e = refusal("SYSCALL_ALLOW", "read:write(arg9==1)");
        assertEquals(14, e.offset());
        assertEquals(PolicyMistake.BAD_ARGUMENT, e.mistake());
        assertEquals(PolicySyntaxException.class, e.getCause().getClass());
    }

    @ParameterizedTest
    @CsvSource({"kill,true", "trap,false", "errno:13,true", "log,false", "kill_thread,true"})
    void format_readsBackToTheSamePolicy(String action, boolean logDenials) {
        List<PolicyEntry> entries = PolicyText.parseEntries("a(arg0&1==1):7:a:b");
        for (Policy.Mode mode : Policy.Mode.values()) {
            Policy policy = new Policy(mode, PolicyText.parseAction(action), entries, logDenials);
            Map<String, String> variables = PolicyEnvironment.format(policy);
            assertEquals(Optional.of(policy), PolicyEnvironment.parse(variables).policy());
        }
    }
}

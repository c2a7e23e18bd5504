// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.MethodSource;

/** Lists, and the files and variables that have them. */
final class AllowlistTest {
    @Table
    void of_entries_areSortedAndUnique_andHaveTheirCalls(
            String entries, String value, String calls) {
        Allowlist list = Allowlist.of(entries.isEmpty() ? List.of() : List.of(entries.split(" ")));
        assertEquals(value, list.value());
        assertEquals(calls, String.join(" ", list.calls()));
        assertEquals("SECCOMP_SYSCALL_ALLOW=\"" + value + "\"", list.toShell());
        assertEquals("SECCOMP_SYSCALL_ALLOW=" + value, list.toEnvironmentFile());
    }

    @Table
    @EmptySource
    void of_whatNoListCanHold_isRefused(String entry) {
        assertThrows(IllegalArgumentException.class, () -> Allowlist.of(List.of(entry)));
    }

    @Test
    void toPolicy_namesAndNumbers_areItsEntries() {
        assertEquals(
                Policy.allowing(List.of(PolicyEntry.of(462), PolicyEntry.of("read")), Action.LOG),
                Allowlist.of(List.of("read", "462")).toPolicy(Action.LOG));
    }

    @Table
    void parse_file_hasItsVariables(String text, String variables) {
        assertEquals(variables, new TreeMap<>(PolicyFile.parse(text)).toString());
    }

    @Table
    void parse_anythingElse_isRefusedWithItsLine(String text, String message) {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> PolicyFile.parse(text.replace("\\n", "\n")));
        assertEquals(message, e.getMessage());
    }

    /** A file is ours if the first line that says something assigns a variable of ours. */
    @Table
    void isMeant_firstLineThatIsNoComment_decides(String text, boolean meant) {
        assertEquals(meant, PolicyFile.isMeant(text.replace("\\n", "\n")));
    }

    private static PolicySyntaxException refusal(String name, String value) {
        return assertThrows(
                PolicySyntaxException.class, () -> PolicyEnvironment.parse(Map.of(name, value)));
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

    private static String outcome(Map<String, String> variables) {
        try {
            PolicyEnvironment environment = PolicyEnvironment.parse(variables);
            return environment.policy().map(AllowlistTest::shown).orElse("no policy")
                    + (environment.quiet() ? ", quiet" : "");
        } catch (PolicySyntaxException e) {
            return e.getMessage();
        }
    }

    private static String shown(Policy policy) {
        return String.format(
                "%s %s, otherwise %s%s",
                policy.mode(),
                PolicyText.format(policy.entries()),
                PolicyText.format(policy.action()),
                policy.logDenials() ? ", logged" : "");
    }

    @Table
    void parse_variables_areAPolicyOrRefused(String variables, String outcome) {
        Map<String, String> map = new HashMap<>();
        for (String variable : variables.split(" ")) {
            String[] part = variable.split("=", 2);
            map.put(part[0], part[1]);
        }
        assertEquals(outcome, outcome(map));
    }

    @Table
    void parse_switchOfAnotherValue_isRefusedEvenWithoutList(String value) {
        for (String name : List.of("SECCOMP_QUIET", "SECCOMP_LOG_DENIALS")) {
            PolicySyntaxException e = refusal(name, value);
            assertEquals(PolicyMistake.BAD_SWITCH, e.mistake());
            assertEquals(0, e.offset());
            assertEquals(Optional.of(name), e.source());
        }
    }

    @Test
    void parse_mistake_keepsOffsetAndCause() {
        PolicySyntaxException e = refusal("SECCOMP_SYSCALL_ALLOW", "read:write(arg9==1)");
        assertEquals(14, e.offset());
        assertEquals(PolicyMistake.BAD_ARGUMENT, e.mistake());
        assertEquals(PolicySyntaxException.class, e.getCause().getClass());
    }

    @Table
    void format_readsBackToTheSamePolicy(String action, boolean logDenials) {
        List<PolicyEntry> entries = PolicyText.parseEntries("a(arg0&1==1):7:a:b");
        for (Policy.Mode mode : Policy.Mode.values()) {
            Policy policy = new Policy(mode, PolicyText.parseAction(action), entries, logDenials);
            Map<String, String> variables = PolicyEnvironment.format(policy);
            assertEquals(Optional.of(policy), PolicyEnvironment.parse(variables).policy());
        }
    }
}

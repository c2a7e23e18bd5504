// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import io.sandbox.syscalldb.testing.Table;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PolicyIntersectionTest {
    private static final int DOCUMENTS = Integer.getInteger("sandbox.documents", 1500);

    private static PolicyDocument list(String text) {
        return Policies.read(text.replace(' ', '\n'));
    }

    private static PolicyDocument of(PolicyDocument first, PolicyDocument second) {
        return PolicyIntersection.of(first, second, RandomDocuments.HERE);
    }

    private static String text(PolicyDocument document) {
        return Policies.write(PolicyFormat.LIST, document).text().strip().replace('\n', ' ');
    }

    @Table
    void of_lists_allowWhatBothAllow(String first, String second, String expected) {
        assertEquals(expected, text(of(list(first), list(second))));
    }

    /** The program then makes clone, which it would not if it were killed. */
    @Test
    void of_callThatOnlyTheSecondRefuses_isRefusedAsThere() {
        PolicyDocument second =
                Policies.json(
                        "'errno:EPERM', 'rules': [{'call': 'clone3', 'action': 'errno:ENOSYS'},"
                                + "{'call': 'read', 'action': 'allow'},"
                                + "{'call': 'clone', 'if': ['arg0==1'], 'action': 'trap'}]");
        PolicyDocument both = of(list("clone3 read clone mount(arg0==1)"), second);
        PolicyMeaning meaning = PolicyMeaning.of(both, RandomDocuments.HERE);
        assertEquals(Action.KILL, both.otherwise());
        assertEquals("errno:ENOSYS", about(meaning, "clone3"));
        assertEquals("allow", about(meaning, "read"));
        assertEquals("trap if arg0==1, otherwise errno:EPERM", about(meaning, "clone"));
        assertEquals("errno:EPERM if arg0==1, otherwise kill", about(meaning, "mount"));
        assertEquals("kill", about(meaning, "openat"));
    }

    /** Profiles of container runtimes compare all of a number, of which the kernel reads half. */
    @Table
    void of_refusalOfTheSecond_isLeftOutWhereOnlyUpperHalvesAreLeft(
            String first, String second, String expected) {
        PolicyDocument profile = list(second).withDefault(Action.errno(1), UnknownCalls.AS_OTHERS);
        PolicyDocument both = of(list(first), profile);
        assertEquals(expected, about(PolicyMeaning.of(both, RandomDocuments.HERE), "socket"));
    }

    private static String about(PolicyMeaning meaning, String call) {
        return meaning.about("x86_64", new CallRef.Named(call)).text();
    }

    @Table
    void of_defaults_takesTheStricter(String first, String second, String expected) {
        String form = "'%s', 'rules': []";
        PolicyDocument both =
                of(Policies.json(form.formatted(first)), Policies.json(form.formatted(second)));
        assertEquals(expected, ActionText.format(both.otherwise()));
    }

    @Table
    void of_architectures_coversThoseOfBoth(String first, String second, String expected) {
        PolicyDocument document = list("read");
        assertEquals(
                Policies.coverage(expected),
                of(
                                document.withCoverage(Policies.coverage(first)),
                                document.withCoverage(Policies.coverage(second)))
                        .coverage());
    }

    @Test
    void of_settings_neverLetMoreThrough() {
        PolicyDocument plain = list("read").withLogsForeign(false);
        PolicyDocument logging = plain.withLogsForeign(true);
        assertFalse(of(plain, logging).logsForeign());
        assertFalse(of(logging, plain).logsForeign());
        assertTrue(of(logging, logging).logsForeign());
        PolicyDocument open = Policies.json("'allow', 'rules': []");
        PolicyDocument judging = open.withUnknown(UnknownCalls.ABOVE_TABLES);
        assertEquals(UnknownCalls.ABOVE_TABLES, of(open, judging).unknown());
        assertEquals(UnknownCalls.ABOVE_TABLES, of(judging, open).unknown());
        assertEquals(UnknownCalls.AS_OTHERS, of(plain, judging).unknown());
    }

    @Test
    void of_commentsAndOrder_areTheFirstOnes() {
        PolicyDocument first = Policies.read("# mine\n\nwrite  # why\nread\n");
        PolicyDocument both = of(first, list("read write"));
        assertEquals(
                "# mine\n\nwrite  # why\nread\n", Policies.write(PolicyFormat.LIST, both).text());
    }

    @Test
    void of_tooManyConditions_isRefused() {
        StringBuilder many = new StringBuilder();
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            many.append("read(arg0==").append(i).append(") ");
            others.append("read(arg1==").append(i).append(") ");
        }
        assertEquals(
                "read: too many conditions to intersect",
                Policies.refusal(() -> of(list(many.toString()), list(others.toString()))));
    }

    /** Never looser than either; and the same as both, where all numbers fit into 32 bits. */
    @Test
    void of_randomDocuments_letsThroughWhatBothLetThrough() {
        String features = "CONDITIONS ARGUMENT_TWICE ORDER ACTIONS DENY SCOPES";
        RandomDocuments random = new RandomDocuments(5, features, "kill errno:1 log notify");
        int passed = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument one = random.next();
            PolicyDocument other = random.next();
            PolicyDocument both = of(one, other);
            for (int j = 0; j < 60; j++) {
                Call call = random.call(j % 2 == 0 ? one : other);
                boolean expected = passes(call, one) && passes(call, other);
                boolean isSmall = Arrays.stream(call.arguments()).allMatch(a -> a >>> 32 == 0);
                boolean actual = passes(call, both);
                if (isSmall || !expected) {
                    assertEquals(
                            expected,
                            actual,
                            () -> call + " of " + one + " and " + other + " in " + both);
                }
                passed += actual ? 1 : 0;
            }
        }
        assertTrue(passed > DOCUMENTS, "only " + passed + " calls pass");
    }

    private static boolean passes(Call call, PolicyDocument document) {
        return call.verdict(document, RandomDocuments.HERE).passes();
    }
}

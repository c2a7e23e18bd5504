// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static io.sandbox.policy.testing.Policies.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyUnionTest {
    private static final int DOCUMENTS = Integer.getInteger("sandbox.documents", 1500);

    private static PolicyDocument of(PolicyDocument one, PolicyDocument other) {
        return PolicyUnion.of(one, other, RandomDocuments.HERE);
    }

    /** A ~ is the end of a line. */
    @Table
    void of_lists_keepsTheFirstOnesCommentsAndOrder(String one, String other, String expected) {
        PolicyDocument union = of(read(one.replace('~', '\n')), read(other.replace('~', '\n')));
        String text = Policies.write(PolicyFormat.LIST, union).text();
        assertEquals(expected, text.replace('\n', '~'));
    }

    @Table
    void of_architectures_coversThoseOfBoth(String first, String second, String expected) {
        PolicyDocument document = read("read");
        PolicyDocument one = document.withCoverage(Policies.coverage(first));
        PolicyDocument other = document.withCoverage(Policies.coverage(second));
        PolicyDocument union = of(one, other);
        assertEquals(Policies.coverage(expected), union.coverage());
    }

    /** What one of them records or ignores, the union does too. */
    @Test
    void of_settings_holdIfEitherHasThem() {
        PolicyDocument plain = read("read");
        PolicyDocument other =
                Policies.json("'kill', 'log': true, 'missing': 'ignore', 'rules': []");
        assertTrue(of(plain, other).logDenials());
        assertTrue(of(other, plain).logDenials());
        assertFalse(of(plain, plain).logDenials());
        assertTrue(of(plain, other).ignoresMissing());
        assertTrue(of(other, plain).ignoresMissing());
        assertFalse(of(plain, plain).ignoresMissing());
    }

    @Test
    void of_randomDocuments_allowsWhatEitherAllows() {
        RandomDocuments random =
                new RandomDocuments(
                        3, "CONDITIONS ORDER ACTIONS DENY SCOPES", "kill errno:1 errno:2");
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument one = random.next();
            PolicyDocument other = random.next();
            PolicyDocument union;
            PolicyDocument again;
            try {
                union = of(one, other);
                again = of(union, one);
            } catch (PolicyFormatException e) {
                continue; // more conditions than anybody would review
            }
            for (int j = 0; j < 60; j++) {
                Call call = random.call(j % 2 == 0 ? one : other);
                Action ofOne = call.verdict(one, RandomDocuments.HERE);
                Action ofOther = call.verdict(other, RandomDocuments.HERE);
                boolean allowed = ofOne == Action.ALLOW || ofOther == Action.ALLOW;
                assertEquals(
                        allowed,
                        call.verdict(union, RandomDocuments.HERE) == Action.ALLOW,
                        () -> call.call() + " of " + one + " and " + other + " in " + union);
            }
            assertEquals(
                    List.of(),
                    PolicyDifference.between(union, again, RandomDocuments.HERE),
                    () -> one + " again to " + union);
        }
    }

    /** Both refuse all other calls of read, although the union allows by default. */
    @Test
    void of_sameDecisionsUnderDifferentDefaults_refusesTheRest() {
        PolicyDocument other =
                Policies.json(
                        "'allow', 'rules': ["
                                + "{'call': 'read', 'if': ['arg0==1'], 'action': 'allow'},"
                                + "{'call': 'read', 'action': 'kill'}]");
        PolicyDocument union = of(read("read(arg0==1)"), other);
        assertEquals(
                List.of(),
                PolicyDifference.between(other, union, RandomDocuments.HERE),
                union::toString);
    }
}

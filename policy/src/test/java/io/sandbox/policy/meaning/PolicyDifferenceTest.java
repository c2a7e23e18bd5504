// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PolicyDifferenceTest {
    private static final int DOCUMENTS = Integer.getInteger("sandbox.documents", 1500);

    private static PolicyDocument read(String text) {
        return Policies.read(text.replace('~', '\n'));
    }

    private static List<PolicyDifference> between(String one, String other) {
        return PolicyDifference.between(read(one), read(other), RandomDocuments.HERE);
    }

    @Table
    void between_sameMeaning_isEmpty(String one, String other) {
        assertEquals(List.of(), between(one, other));
        assertEquals(List.of(), between(other, one));
    }

    @Table
    void between_otherMeaning_isFound(String one, String other) {
        assertFalse(between(one, other).isEmpty());
        assertFalse(between(other, one).isEmpty());
    }

    /** The upper halves of arguments are zero there. */
    @Table
    void between_architectureOf32Bits_comparesTheLowerHalves(
            String one, String other, String result) {
        Circumstances arm = Policies.here("arm", "6.12");
        assertEquals(
                result.isEmpty(), PolicyDifference.between(read(one), read(other), arm).isEmpty());
    }

    @Table
    void between_documents_saysBothSidesOfEachDifference(
            String one, String other, String differences) {
        assertEquals(
                differences,
                between(one, other).stream()
                        .map(each -> each.subject() + ": " + each.before() + " -> " + each.after())
                        .collect(Collectors.joining("; ")));
    }

    /** If no difference is found, every call must get the same verdict. */
    @Test
    void between_randomDocuments_missesNothing() {
        RandomDocuments random = new RandomDocuments(5, "CONDITIONS ORDER ACTIONS", "kill errno:1");
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument one = random.next();
            List<Rule> rules = new ArrayList<>(one.rules());
            if (rules.size() > 1) {
                rules.add(rules.remove(i % (rules.size() - 1)));
            }
            PolicyDocument other = one.withRules(rules);
            boolean same = PolicyDifference.between(one, other, RandomDocuments.HERE).isEmpty();
            for (int j = 0; same && j < 200; j++) {
                Call call = random.call(one);
                assertEquals(
                        call.verdict(one, RandomDocuments.HERE),
                        call.verdict(other, RandomDocuments.HERE),
                        () -> call.call() + " of " + one + " and " + other);
            }
        }
    }
}

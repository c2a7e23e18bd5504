// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static io.sandbox.policy.testing.Policies.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Listener;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What two policies say together: both, either, or one instead of the other. */
final class PolicyUnionTest {
    private static final int DOCUMENTS = Integer.getInteger("sandbox.documents", 1500);

    private static PolicyDocument of(PolicyDocument one, PolicyDocument other) {
        return PolicyUnion.of(one, other, RandomDocuments.HERE);
    }

    /** A ~ is the end of a line. */
    @Table
    void of_lists_keepsTheFirstOnesCommentsAndOrder(
            String one, String other, String union, String intersection) {
        PolicyDocument first = read(one.replace('~', '\n'));
        PolicyDocument second = read(other.replace('~', '\n'));
        assertEquals(union, lines(of(first, second)));
        assertEquals(intersection, lines(intersection(first, second)));
    }

    private static String lines(PolicyDocument document) {
        return Policies.write(PolicyFormat.LIST, document).text().replace('\n', '~');
    }

    @Table
    void of_architectures_coversThoseOfEitherOrBoth(
            String first, String second, String union, String intersection) {
        PolicyDocument document = read("read");
        PolicyDocument one = document.withCoverage(Policies.coverage(first));
        PolicyDocument other = document.withCoverage(Policies.coverage(second));
        assertEquals(Policies.coverage(union), of(one, other).coverage());
        assertEquals(Policies.coverage(intersection), intersection(one, other).coverage());
    }

    /** What a document says besides its rules. */
    private static String settings(PolicyDocument document) {
        List<String> settings = new ArrayList<>();
        settings.add(document.logDenials() ? "log" : "");
        settings.add(document.ignoresMissing() ? "ignore" : "");
        settings.add(document.logsForeign() ? "foreign" : "");
        settings.add(document.unknown().refused() ? document.unknown().toString() : "");
        settings.add(document.listener().map(Listener::toString).orElse(""));
        settings.removeIf(String::isEmpty);
        return String.join(" ", settings);
    }

    @Table
    void of_settings_areThoseOfEitherOrBoth(
            String first, String second, String union, String intersection) {
        PolicyDocument one = Policies.json(first + ", 'rules': []");
        PolicyDocument other = Policies.json(second + ", 'rules': []");
        assertEquals(union, settings(of(one, other)));
        assertEquals(intersection, settings(intersection(one, other)));
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

    private static PolicyDocument list(String text) {
        return Policies.read(text.replace(' ', '\n'));
    }

    private static PolicyDocument intersection(PolicyDocument first, PolicyDocument second) {
        return PolicyIntersection.of(first, second, RandomDocuments.HERE);
    }

    @Table
    void of_lists_allowWhatBothAllow(String first, String second, String expected) {
        String allowed = lines(intersection(list(first), list(second)));
        assertEquals(expected, allowed.replace('~', ' ').strip());
    }

    /** Profiles of container runtimes compare all of a number, of which the kernel reads half. */
    @Table
    void of_refusalOfTheSecond_isLeftOutWhereOnlyUpperHalvesAreLeft(
            String first, String second, String expected) {
        PolicyDocument profile = list(second).withDefault(Action.errno(1), UnknownCalls.AS_OTHERS);
        assertEquals(expected, Policies.rules(intersection(list(first), profile)));
    }

    @Table
    void of_defaults_takesTheStricter(String first, String second, String expected) {
        String form = "'%s', 'rules': []";
        PolicyDocument both =
                intersection(
                        Policies.json(form.formatted(first)),
                        Policies.json(form.formatted(second)));
        assertEquals(expected, ActionText.format(both.otherwise()));
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
                Policies.refusal(
                        () -> intersection(list(many.toString()), list(others.toString()))));
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
            PolicyDocument both = intersection(one, other);
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

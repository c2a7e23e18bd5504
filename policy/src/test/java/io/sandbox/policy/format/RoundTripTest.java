// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import io.sandbox.policy.testing.RandomDocuments.Feature;
import io.sandbox.syscalldb.testing.Vectors;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a format can express is written without a loss, and read back unchanged. */
class RoundTripTest {
    private static final long SEED = Long.getLong("sandbox.seed", 20260511);
    private static final int DOCUMENTS =
            Integer.getInteger(
                    "sandbox.documents", 60 * Integer.getInteger("sandbox.fuzz.times", 1));
    private static final int CALLS = 60;
    private static final CallRef EXECVE = new CallRef.Named("execve");

    /** Each such document has hundreds of rules in oci, which FilterDecisionIT looks at. */
    private static final Set<Feature> ALL_BUT_UNKNOWN =
            EnumSet.complementOf(EnumSet.of(Feature.UNKNOWN));

    /** What documents of each format can have, and how it can refuse a call: columns 1 and 2. */
    private static String column(PolicyFormat format, int column) {
        return Vectors.beside(RoundTripTest.class, "formats.tsv", 3).stream()
                .filter(row -> row.get(0).equals(format.toString()))
                .findFirst()
                .orElseThrow()
                .get(column);
    }

    static Set<Feature> features(PolicyFormat format) {
        return RandomDocuments.features(column(format, 1));
    }

    static List<Action> refusals(PolicyFormat format) {
        return Policies.actions(column(format, 2));
    }

    /** Drops what an allow list of the format cannot say, and no set of features tells. */
    static PolicyDocument sayable(PolicyFormat format, PolicyDocument document) {
        if (format == PolicyFormat.ENV || format == PolicyFormat.ENVFILE) {
            return document.withLogsForeign(
                    document.otherwise() == Action.LOG
                            || document.rules().stream().anyMatch(r -> r.action() == Action.LOG));
        }
        if (format == PolicyFormat.LIST && document.rules().isEmpty()) {
            return document.withRules(List.of(Rule.of(EXECVE, List.of(), Action.ALLOW)));
        }
        if (format == PolicyFormat.FIREJAIL) {
            return ofFirejail(document);
        }
        return format != PolicyFormat.SYSTEMD || document.otherwise() == Action.ALLOW
                ? document
                : allowing(List.of("execve"), document);
    }

    private static PolicyDocument allowing(List<String> calls, PolicyDocument document) {
        List<Rule> rules = new ArrayList<>(document.rules());
        rules.removeIf(rule -> calls.contains(rule.call().toString()));
        calls.forEach(call -> rules.add(Rule.of(new CallRef.Named(call), List.of(), Action.ALLOW)));
        return document.withRules(rules);
    }

    /** With a rule, since firejail takes no list without calls. */
    private static PolicyDocument ofFirejail(PolicyDocument document) {
        List<Rule> rules = new ArrayList<>(document.rules());
        if (document.otherwise() != Action.ALLOW) {
            rules.removeIf(rule -> rule.action() != Action.ALLOW);
            return allowing(FirejailReader.ALWAYS_KEPT, document.withRules(rules));
        }
        if (rules.isEmpty()) {
            rules.add(Rule.of(EXECVE, List.of(), Action.errno(1)));
        }
        return document.withRules(rules);
    }

    static PolicyDocument reread(PolicyFormat format, PolicyDocument document) {
        Writing written = Policies.write(format, document);
        assertEquals(
                List.of(),
                written.losses(),
                () ->
                        "features, refusals and sayable must leave out what is lost\n"
                                + written.text());
        Reading read = Policies.reading(format, written.text());
        assertEquals(List.of(), read.losses(), written.text());
        return read.document();
    }

    @ParameterizedTest
    @EnumSource
    void write_whatTheFormatCanSay_readsBackToTheSameVerdicts(PolicyFormat format) {
        RandomDocuments random = new RandomDocuments(SEED, features(format), refusals(format));
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument document = sayable(format, random.next());
            PolicyDocument again = reread(format, document);
            assertEquals(document.logDenials(), again.logDenials());
            assertEquals(document.logsForeign(), again.logsForeign());
            assertEquals(document.listener(), again.listener());
            assertEquals(document.comments(), again.comments());
            for (int j = 0; j < CALLS; j++) {
                Call call = random.call(document);
                assertEquals(
                        call.verdict(document, RandomDocuments.HERE),
                        call.verdict(again, RandomDocuments.HERE),
                        () -> call.call() + " of " + document + " and " + again);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void write_whatWasRead_isTheSameTextOfTheFormat(PolicyFormat format) {
        RandomDocuments random = new RandomDocuments(SEED, features(format), refusals(format));
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument document = sayable(format, random.next());
            String text = Policies.write(format, document).text();
            PolicyDocument read = Policies.reading(format, text).document();
            assertEquals(text, Policies.write(format, read).text());
            assertEquals(format, Samples.recognised(text), text);
        }
    }

    /**
     * Damage to a line is a mistake, or changes no more than what the line says: no call that is
     * named elsewhere, or nowhere, becomes allowed. Comment signs are not inserted, nor the ~ of
     * systemd, with which a line has the opposite meaning.
     */
    @ParameterizedTest
    @EnumSource
    void readAny_damagedLine_neverAllowsMore(PolicyFormat format) {
        RandomDocuments random = new RandomDocuments(SEED, features(format), refusals(format));
        Damage damage = new Damage(SEED);
        int refused = 0;
        for (int i = 0; i < 4 * DOCUMENTS; i++) {
            PolicyDocument document = sayable(format, random.next());
            String text = Policies.write(format, document).text();
            Damage.Damaged damaged = damage.apply(text);
            String touched = SAYS_BY_LINE.contains(format) ? "" : text;
            boolean read =
                    allowsNoMore(document, damaged.text(), touched + damaged.lines(), random);
            refused += read ? 0 : 1;
        }
        assertTrue(refused > DOCUMENTS / 4, refused + " refused");
    }

    /**
     * Whether a text that should mean the same, or less, can be read. It may allow more only of the
     * calls that are named in what was touched.
     */
    private static boolean allowsNoMore(
            PolicyDocument document, String text, String touched, RandomDocuments random) {
        PolicyDocument again;
        try {
            again = Policies.read(text);
        } catch (PolicyFormatException e) {
            return false;
        }
        for (int j = 0; j < CALLS; j++) {
            Call call = random.call(document);
            if (!touched.contains(call.call().toString())
                    && !call.verdict(document, RandomDocuments.HERE).passes()) {
                assertFalse(
                        call.verdict(again, RandomDocuments.HERE).passes(),
                        () -> call.call() + " is allowed\n" + document + "\n" + text);
            }
        }
        return true;
    }

    /** A line of another format between the lines is mostly a mistake. */
    @ParameterizedTest
    @EnumSource
    void readAny_lineOfAnotherFormat_neverAllowsMore(PolicyFormat format) {
        RandomDocuments random = new RandomDocuments(SEED, features(format), refusals(format));
        Random places = new Random(SEED);
        for (PolicyFormat other : PolicyFormat.values()) {
            if (other.reader().getClass() == format.reader().getClass()) {
                continue;
            }
            RandomDocuments others = new RandomDocuments(SEED, features(other), refusals(other));
            for (int i = 0; i < DOCUMENTS / 8; i++) {
                PolicyDocument document = sayable(format, random.next());
                List<String> lines = new ArrayList<>(lines(format, document));
                List<String> foreign = lines(other, sayable(other, others.next()));
                String line = foreign.get(places.nextInt(foreign.size()));
                String text = String.join("\n", lines);
                lines.add(places.nextInt(lines.size() + 1), line);
                allowsNoMore(document, String.join("\n", lines), text + line, random);
            }
        }
    }

    private static List<String> lines(PolicyFormat format, PolicyDocument document) {
        return Policies.write(format, document).text().lines().toList();
    }

    /** Formats in which a line says everything about its calls. */
    private static final Set<PolicyFormat> SAYS_BY_LINE =
            EnumSet.of(PolicyFormat.LIST, PolicyFormat.MINIJAIL, PolicyFormat.JSON);

    /** Formats with conditions never allow more than the policy, even with losses. */
    @ParameterizedTest
    @EnumSource(names = {"OCI", "SPO", "ENV", "SECCOMPILER", "KAFEL"})
    void write_anything_neverAllowsMore(PolicyFormat format) {
        RandomDocuments random =
                new RandomDocuments(SEED, ALL_BUT_UNKNOWN, refusals(PolicyFormat.JSON));
        int same = 0;
        int different = 0;
        for (int i = 0; i < 2 * DOCUMENTS; i++) {
            PolicyDocument document = random.next();
            String text = Policies.write(format, document).text();
            PolicyDocument again = Policies.reading(format, text).document();
            for (int j = 0; j < CALLS / 2; j++) {
                Call call = random.call(document);
                if (format != PolicyFormat.ENV && call.call() instanceof CallRef.Numbered) {
                    continue; // has no name, and so no place in a profile
                }
                Action wanted = call.verdict(document, RandomDocuments.HERE);
                Action given = call.verdict(again, RandomDocuments.HERE);
                if (given == Action.ALLOW) {
                    assertEquals(wanted, given, () -> call.call() + " of " + document + text);
                }
                same += wanted.equals(given) ? 1 : 0;
                different += wanted.equals(given) ? 0 : 1;
            }
        }
        assertTrue(different < same, same + " the same, and not " + different);
    }

    /** Our own format loses nothing, line numbers aside. */
    @Test
    void write_json_readsBackToAnEqualDocument() {
        RandomDocuments random =
                new RandomDocuments(SEED, ALL_BUT_UNKNOWN, refusals(PolicyFormat.JSON));
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument document = random.next();
            PolicyDocument again = reread(PolicyFormat.JSON, document);
            assertEquals(document, again.withRules(withoutLines(again.rules())));
        }
    }

    private static List<Rule> withoutLines(List<Rule> rules) {
        return rules.stream()
                .map(
                        rule ->
                                rule.withNote(
                                        new Note(rule.note().comments(), rule.note().reason(), 0)))
                .toList();
    }
}

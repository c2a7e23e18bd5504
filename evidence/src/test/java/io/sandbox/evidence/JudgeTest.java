// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.testing.Vectors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which signs make a recording incomplete, whatever else was noticed and in whatever order. */
class JudgeTest {
    private static final int ROUNDS = Integer.getInteger("sandbox.fuzz", 2_000);
    private static final long SEED = Long.getLong("sandbox.seed", 1);

    /** The only signs with which a recording may still be called complete. */
    private static final Set<Sign.Kind> RESERVATIONS = kinds("reservation");

    /** The only signs whose number says how many records are missing. */
    private static final Set<Sign.Kind> COUNTED = kinds("counted");

    private static Set<Sign.Kind> kinds(String meaning) {
        return Vectors.beside(JudgeTest.class, "kinds.tsv", 2).stream()
                .filter(row -> row.get(1).equals(meaning))
                .map(row -> Sign.Kind.valueOf(row.get(0)))
                .collect(Collectors.toSet());
    }

    private static Signs signs(List<Sign> all) {
        Signs signs = new Signs();
        all.forEach(signs::add);
        return signs;
    }

    private static Verdict judge(List<Sign> all) {
        return Judge.judge(signs(all));
    }

    @Test
    void judge_noSign_isComplete() {
        assertEquals(new Verdict.Complete(), judge(List.of()));
    }

    @ParameterizedTest
    @EnumSource(Sign.Kind.class)
    void judge_oneSign_saysWhatItMeans(Sign.Kind kind) {
        Sign sign = new Sign(kind, 3, "detail");
        List<String> sentence = List.of(sign.sentence());
        Verdict expected =
                RESERVATIONS.contains(kind)
                        ? new Verdict.Complete(sentence)
                        : new Verdict.Incomplete(COUNTED.contains(kind) ? 3 : 0, sentence);
        assertEquals(expected, judge(List.of(sign)));
    }

    @ParameterizedTest
    @EnumSource(Sign.Kind.class)
    void sentence_ofEachKind_isItsOwn(Sign.Kind kind) {
        String sentence = new Sign(kind, 47_11, "the detail").sentence();
        assertFalse(sentence.contains("%"), sentence);
        assertFalse(sentence.isBlank());
        long same =
                EnumSet.allOf(Sign.Kind.class).stream()
                        .filter(k -> new Sign(k, 47_11, "the detail").sentence().equals(sentence))
                        .count();
        assertEquals(1, same, sentence);
    }

    @Test
    void sentence_numberAndDetail_areInIt() {
        assertEquals(
                "the kernel dropped 7 audit records of this machine (its %d was full)",
                new Sign(Sign.Kind.AUDIT_DROPPED, 7, "its %d was full").sentence());
        assertEquals("%s", new Sign(Sign.Kind.LOG_UNREADABLE, 7, "%s").sentence());
    }

    @Test
    void sign_numberBelowZero_isRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new Sign(Sign.Kind.AUDIT_DROPPED, -1, ""));
    }

    @Test
    void signs_ofEverything_areKeptOnce() {
        Signs signs =
                new Signs()
                        .add(Sign.Kind.WENT_ON)
                        .addIf(false, Sign.Kind.NO_CONTAINER)
                        .addIf(true, Sign.Kind.NO_SERVICE)
                        .addCount(Sign.Kind.AUDIT_RULES_EXCLUDE, 0)
                        .addCount(Sign.Kind.AUDIT_DROPPED, 0, "why")
                        .addCount(Sign.Kind.AUDIT_RULES_EXCLUDE, 2)
                        .addCount(Sign.Kind.AUDIT_DROPPED, 5, "why")
                        .addAll(new Signs().add(Sign.Kind.WENT_ON));
        List<Sign> expected =
                List.of(
                        new Sign(Sign.Kind.AUDIT_RULES_EXCLUDE, 2, ""),
                        new Sign(Sign.Kind.AUDIT_DROPPED, 5, "why"),
                        new Sign(Sign.Kind.NO_SERVICE, 0, ""),
                        new Sign(Sign.Kind.WENT_ON, 0, ""));
        assertEquals(expected, signs.all());
        assertEquals(expected.stream().map(Sign::sentence).toList(), signs.sentences());
    }

    // The property: any signs, in any order.

    private static Sign randomSign(Random random) {
        Sign.Kind[] kinds = Sign.Kind.values();
        long number =
                switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> Math.abs(random.nextLong() >> random.nextInt(63));
                    case 2 -> Long.MAX_VALUE;
                    default -> random.nextInt(5);
                };
        String detail = random.nextBoolean() ? "" : "detail " + random.nextInt(3);
        return new Sign(kinds[random.nextInt(kinds.length)], Math.max(0, number), detail);
    }

    private static List<Sign> randomSigns(Random random) {
        List<Sign> signs = new ArrayList<>();
        // Half of them have reservations alone, so that many are complete.
        boolean mild = random.nextBoolean();
        for (int i = random.nextInt(8); i > 0; i--) {
            Sign sign = randomSign(random);
            if (!mild || RESERVATIONS.contains(sign.kind())) {
                signs.add(sign);
            }
        }
        return signs;
    }

    @Test
    void judge_anySignsInAnyOrder_areThoseOfThePlainModel() {
        int complete = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED * 1_000_003 + round);
            List<Sign> all = randomSigns(random);
            String what = "-Dsandbox.seed=" + SEED + ", round " + round + ": " + all;
            Verdict verdict = judge(all);
            boolean lossy = all.stream().anyMatch(sign -> !RESERVATIONS.contains(sign.kind()));
            assertEquals(lossy, verdict instanceof Verdict.Incomplete, what);
            checkSentences(verdict, all, what);
            checkOrderAndRepeats(verdict, all, random, what);
            checkOneMore(verdict, all, randomSign(random), what);
            checkParts(verdict, all, random, what);
            Recording recording =
                    Recording.of(
                            Evidence.run(
                                    "id", RunFilter.LOG_ALL, 0, verdict, new ProgramEvidence[0]));
            assertEquals(recording, RecordingReader.read(RecordingWriter.write(recording)), what);
            complete += lossy ? 0 : 1;
        }
        assertTrue(complete > ROUNDS / 4 && complete < ROUNDS, complete + " were complete");
    }

    private static void checkSentences(Verdict verdict, List<Sign> all, String what) {
        boolean incomplete = verdict instanceof Verdict.Incomplete;
        Set<String> expected =
                all.stream()
                        .filter(sign -> incomplete != RESERVATIONS.contains(sign.kind()))
                        .map(Sign::sentence)
                        .collect(Collectors.toSet());
        assertEquals(expected, new HashSet<>(sentences(verdict)), what);
    }

    private static List<String> sentences(Verdict verdict) {
        return verdict instanceof Verdict.Incomplete incomplete
                ? incomplete.causes()
                : verdict.reservations();
    }

    private static void checkOrderAndRepeats(
            Verdict verdict, List<Sign> all, Random random, String what) {
        List<Sign> shuffled = new ArrayList<>(all);
        if (!all.isEmpty()) {
            shuffled.add(all.get(random.nextInt(all.size())));
        }
        Collections.shuffle(shuffled, random);
        assertEquals(verdict, judge(shuffled), what);
        // Signs of several collectors are those of one.
        int half = shuffled.size() / 2;
        Signs one = signs(shuffled.subList(0, half));
        Signs other = signs(shuffled.subList(half, shuffled.size()));
        assertEquals(verdict, Judge.judge(one.addAll(other)), what);
    }

    /** No further sign makes an incomplete recording complete, or the loss smaller. */
    private static void checkOneMore(Verdict verdict, List<Sign> all, Sign one, String what) {
        List<Sign> more = new ArrayList<>(all);
        more.add(one);
        Verdict with = judge(more);
        String both = what + " and " + one;
        if (verdict instanceof Verdict.Incomplete incomplete) {
            Verdict.Incomplete still = assertInstanceOf(Verdict.Incomplete.class, with, both);
            assertTrue(still.lost() >= incomplete.lost(), both);
            assertTrue(still.causes().containsAll(incomplete.causes()), both);
        } else if (!RESERVATIONS.contains(one.kind())) {
            assertInstanceOf(Verdict.Incomplete.class, with, both);
        } else {
            assertTrue(with.reservations().containsAll(verdict.reservations()), both);
        }
    }

    /** What consists of parts is complete only if each part is. */
    private static void checkParts(Verdict verdict, List<Sign> all, Random random, String what) {
        Set<Sign> rest = new HashSet<>(all);
        List<Verdict> parts = new ArrayList<>();
        Set<Sign> own = new HashSet<>();
        for (Sign sign : rest) {
            if (random.nextBoolean()) {
                parts.add(judge(List.of(sign)));
            } else {
                own.add(sign);
            }
        }
        Verdict together = Judge.together(parts, signs(List.copyOf(own)));
        assertEquals(verdict.getClass(), together.getClass(), what);
        assertEquals(new HashSet<>(sentences(verdict)), new HashSet<>(sentences(together)), what);
        assertEquals(sentences(together).size(), new HashSet<>(sentences(together)).size(), what);
        if (verdict instanceof Verdict.Incomplete incomplete) {
            assertEquals(incomplete.lost(), ((Verdict.Incomplete) together).lost(), what);
        }
    }
}

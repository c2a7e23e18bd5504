// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.RecordText.concat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lines and payloads that are damaged at random are read as by a parser that has read nothing
 * before, whatever is before and behind them. {@link LinesTest} has what is read.
 */
class DamagedLinesTest {

    /** Set another seed or count by {@code -Daudit.seed=N -Daudit.mutations=N}. */
    private static final long SEED = Long.getLong("audit.seed", 20261124);

    private static final int MUTATIONS = Integer.getInteger("audit.mutations", 20_000);

    /** Fewer beginnings where the tests are run again and again (scripts/mutation). */
    private static final int STEP = MUTATIONS < 10_000 ? 7 : 1;

    private static final byte[] BYTES =
            " \"=:()[]*-.,\u001d\n\r\t\0\u007f0123456789abcdefxABCDEF_/#;>".getBytes(ISO_8859_1);
    private static final List<String> PIECES =
            Vectors.beside(DamagedLinesTest.class, "DamagedLinesTest.tsv", 1, ISO_8859_1).stream()
                    .map(row -> row.get(0))
                    .toList();

    private final SeccompRecordParser parser = new SeccompRecordParser();
    private final LogScanner scanner = new LogScanner();

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static List<byte[]> lines() {
        List<byte[]> lines = new ArrayList<>();
        lines.addAll(Corpus.records());
        // The search finds a line of laurel by its auid alone, so not if that is damaged.
        Corpus.logs().stream()
                .filter(file -> !file.startsWith("laurel"))
                .flatMap(file -> Corpus.lines(file).stream())
                .forEach(line -> lines.add(line.getBytes(StandardCharsets.UTF_8)));
        lines.addAll(LinesTest.forged());
        return lines;
    }

    private static List<byte[]> payloads() {
        return Corpus.lines("netlink-debian13-6.18.txt").stream()
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .map(payload -> payload.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Scans a block of one line, where lines of auditd take shortcuts. */
    private void assertSameBlock(byte[] line, String what) {
        scanner.reset(line, 0, line.length);
        RecordText expected = RecordText.ofLine(parser, line, line.length);
        boolean ours = expected.outcome() != ParseOutcome.NOT_OURS;
        if (text(line).indexOf('\n') < 0) {
            assertEquals(ours, scanner.next(), () -> what + "\n" + text(line));
            if (ours) {
                assertEquals(expected, RecordText.of(scanner.parser(), scanner.outcome()), what);
            }
        }
    }

    /** The first bytes of a payload; what follows in the buffer has no effect. */
    private void assertSamePayload(byte[] payload, int length, String what) {
        ParseOutcome outcome =
                parser.parsePayload(SeccompRecordParser.AUDIT_SECCOMP, payload, 0, length);
        SeccompRecordParser fresh = new SeccompRecordParser();
        byte[] alone = Arrays.copyOf(payload, length);
        ParseOutcome expected =
                fresh.parsePayload(SeccompRecordParser.AUDIT_SECCOMP, alone, 0, length);
        assertEquals(
                RecordText.of(fresh, expected),
                RecordText.of(parser, outcome),
                () -> what + "\n" + text(payload));
    }

    /** The parser loads eight bytes at a time, but bytes after the range must have no effect. */
    @Test
    void parseLine_rangeWithinItsOwnLine_readsNothingBehindIt() {
        for (byte[] line : lines()) {
            for (int cut = 0; cut <= line.length; cut += STEP) {
                byte[] part = Arrays.copyOf(line, cut);
                int end = cut;
                assertEquals(
                        RecordText.ofLine(parser, part, cut),
                        RecordText.ofLine(parser, line, cut),
                        () -> end + " bytes of " + text(line));
            }
        }
    }

    /** The netlink source reuses one buffer, so earlier payloads follow in it. */
    @Test
    void parsePayload_everyBeginningOfEveryPayload_isReadAsAlone() {
        int repeated = 0;
        for (byte[] payload : payloads()) {
            for (int cut = 0; cut <= payload.length; cut += STEP) {
                assertSamePayload(Arrays.copyOf(payload, cut), cut, "cut at " + cut);
                parser.parsePayload(SeccompRecordParser.AUDIT_SECCOMP, payload, 0, payload.length);
                repeated += parser.lastWasRepeated() ? 1 : 0;
                assertSamePayload(payload, cut, "cut at " + cut + " behind its whole");
            }
        }
        assertTrue(repeated > 1000 / STEP, "repeated " + repeated);
    }

    @Test
    void parseLine_damagedLines_isReadAsAlone() {
        List<byte[]> lines = lines();
        Random random = new Random(SEED);
        Map<ParseOutcome, Integer> seen = new EnumMap<>(ParseOutcome.class);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] line = damage(lines.get(random.nextInt(lines.size())), lines, random);
            assertSameBlock(line, "seed " + SEED + " line " + i);
            seen.merge(parser.parseLine(line, 0, line.length), 1, Integer::sum);
        }
        assertTrue(
                seen.size() == 4 && seen.values().stream().allMatch(n -> n > MUTATIONS / 100),
                seen::toString);
    }

    /**
     * A line like one that the scanner keeps, with one to three bytes changed: the numbers may
     * change, and every other difference must have the same effect as in a line alone.
     */
    @Test
    void next_damagedRepetitions_isReadAsAlone() {
        List<byte[]> lines =
                lines().stream()
                        .filter(line -> text(line).startsWith("type=SECCOMP msg=audit("))
                        .filter(line -> text(line).indexOf('\n') < 0)
                        .toList();
        assertTrue(lines.size() > 20, "found " + lines.size());
        Random random = new Random(SEED);
        int repeated = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] line = lines.get(random.nextInt(lines.size()));
            byte[] damaged = damage(line, lines, random);
            if (text(damaged).indexOf('\n') >= 0) {
                continue;
            }
            assertSameBetween(line, damaged, "seed " + SEED + " line " + i);
            repeated += scanner.parser().lastWasRepeated() ? 1 : 0;
        }
        assertTrue(repeated > MUTATIONS / 4, "repeated " + repeated);
    }

    /** Each byte of each line of auditd is set to each byte that occurs in one. */
    @Tag("large")
    @Test
    void next_eachByteOfARepetitionChanged_isReadAsAlone() {
        byte[] line =
                bytes(
                        "type=SECCOMP msg=audit(1700000000.001:17): auid=1 uid=1 gid=1 ses=3"
                                + " subj=unconfined pid=72 comm=\"a\" exe=\"/a\" sig=0"
                                + " arch=c000003e syscall=39 compat=0 ip=0x7f5cd9a3ce9e"
                                + " code=0x7ffc0000\u001dAUID=\"u\"");
        for (int at = 0; at < line.length; at++) {
            for (byte b : BYTES) {
                if (b != '\n') {
                    assertSameBetween(line, splice(line, at, at + 1, new byte[] {b}), "changed");
                    assertSameBetween(line, splice(line, at, at, new byte[] {b}), "longer");
                }
            }
            assertSameBetween(line, splice(line, at, at + 1, new byte[0]), "shorter");
            RecordText.scan(scanner, concat(line, bytes("\n")));
            assertSameBlock(Arrays.copyOf(line, at), "cut at " + at);
        }
    }

    /** Reads a changed line between two whole ones, each with its own parser and with one. */
    private void assertSameBetween(byte[] line, byte[] changed, String what) {
        byte[] feed = {'\n'};
        assertEquals(
                plain(line, changed, line),
                RecordText.scan(scanner, concat(line, feed, changed, feed, line, feed)),
                () -> what + "\n" + text(changed));
    }

    private List<RecordText> plain(byte[]... lines) {
        List<RecordText> found = new ArrayList<>();
        for (byte[] line : lines) {
            byte[] ended = concat(line, new byte[] {'\n'});
            RecordText text = RecordText.ofLine(new SeccompRecordParser(), ended, ended.length);
            if (text.outcome() != ParseOutcome.NOT_OURS) {
                found.add(text);
            }
        }
        return found;
    }

    @Test
    void parsePayload_damagedPayloads_isReadAsAlone() {
        List<byte[]> payloads = payloads();
        Random random = new Random(SEED);
        for (int i = 0; i < MUTATIONS / 3; i++) {
            byte[] payload = payloads.get(random.nextInt(payloads.size()));
            String what = "seed " + SEED + " payload " + i;
            byte[] damaged = damage(payload, payloads, random);
            assertSamePayload(payload, payload.length, what);
            assertSamePayload(damaged, damaged.length, what);
            assertSamePayload(payload, payload.length, what);
        }
    }

    private static byte[] damage(byte[] line, List<byte[]> others, Random random) {
        byte[] result = line;
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(result.length + 1);
            int next = Math.min(result.length, at + 1);
            int later = Math.min(result.length, at + 1 + random.nextInt(12));
            byte[] one = {BYTES[random.nextInt(BYTES.length)]};
            byte[] any = {(byte) random.nextInt(256)};
            byte[] piece = bytes(PIECES.get(random.nextInt(PIECES.size())));
            byte[] other = others.get(random.nextInt(others.size()));
            byte[] rest = Arrays.copyOfRange(other, Math.min(other.length, at), other.length);
            result =
                    switch (random.nextInt(7)) {
                        case 0 -> splice(result, at, at, one);
                        case 1 -> splice(result, at, next, one);
                        case 2 -> splice(result, at, later, new byte[0]);
                        case 3 -> splice(result, at, at, Arrays.copyOfRange(result, at, later));
                        case 4 -> splice(result, at, at, piece);
                        case 5 -> splice(result, at, result.length, rest);
                        default -> splice(result, at, next, any);
                    };
        }
        return result;
    }

    private static byte[] splice(byte[] line, int from, int to, byte[] piece) {
        byte[] result = Arrays.copyOf(line, line.length - (to - from) + piece.length);
        System.arraycopy(piece, 0, result, from, piece.length);
        System.arraycopy(line, to, result, from + piece.length, line.length - to);
        return result;
    }
}

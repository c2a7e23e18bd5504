// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sandbox.syscalldb.testing.Vectors;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages valid inputs, in the same way for the same seed. */
public final class Mutations {
    private static final int MOST_CHANGES = 6;
    private static final int LONGEST = 1 << 16;
    private static final byte[] SIGNS =
            "\"'{}[]():;,=~@!$&|#<>\\/\n\r\t\0 -+.0123456789afxAFX_\u00e9".getBytes(UTF_8);

    /** Words that are difficult for readers of numbers and of text. */
    private static final List<String> WORDS =
            Vectors.beside(Mutations.class, "Mutations.tsv", 1).stream()
                    .map(row -> row.get(0))
                    .toList();

    private final Random random;
    private final List<byte[]> seeds;

    Mutations(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = List.copyOf(seeds);
    }

    public byte[] next() {
        byte[] input = pick().clone();
        for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
            input = changed(input);
        }
        return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
    }

    private byte[] pick() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] changed(byte[] input) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + length());
        return switch (random.nextInt(8)) {
            case 0 -> replaced(input, from, from, new byte[] {(byte) random.nextInt(256)});
            case 1 -> replaced(input, from, Math.min(input.length, from + 1), sign());
            case 2 -> replaced(input, from, to, new byte[0]);
            case 3 -> replaced(input, from, from, Arrays.copyOfRange(input, from, to));
            case 4 -> replaced(input, from, to, word());
            case 5 -> replaced(input, from, to, partOf(pick()));
            case 6 -> flipped(input);
            default -> replaced(input, from, from, sign());
        };
    }

    private int length() {
        return 1 + random.nextInt(random.nextInt(4) == 0 ? 400 : 8);
    }

    private byte[] sign() {
        return new byte[] {SIGNS[random.nextInt(SIGNS.length)]};
    }

    private byte[] word() {
        return WORDS.get(random.nextInt(WORDS.size())).getBytes(UTF_8);
    }

    private byte[] partOf(byte[] other) {
        int from = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, from, Math.min(other.length, from + length()));
    }

    private byte[] flipped(byte[] input) {
        if (input.length > 0) {
            input[random.nextInt(input.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return input;
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(input, 0, from);
        out.writeBytes(by);
        out.write(input, to, input.length - to);
        return out.toByteArray();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** Damaged inputs: few in tests, {@code -Dsandbox.fuzz=N} for {@code scripts/fuzz}. */
public final class Fuzz {
    public static final long SEED = Long.getLong("sandbox.seed", 1);

    /** Only detects a hang. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Passes, or throws an exception that names the mistake. Any other exception is a failure. */
    public interface Reader {
        void readOrRefuse(byte[] input) throws Exception;
    }

    public static int count(int usual) {
        return Integer.getInteger("sandbox.fuzz", usual);
    }

    public static Mutations mutationsOf(List<byte[]> seeds) {
        return new Mutations(SEED, seeds);
    }

    public static void run(int usualCount, List<byte[]> seeds, Reader reader) {
        seeds.forEach(input -> readOne(reader, input));
        Mutations mutations = mutationsOf(seeds);
        for (int left = count(usualCount); left > 0; left--) {
            readOne(reader, mutations.next());
        }
    }

    private static void readOne(Reader reader, byte[] input) {
        long before = System.nanoTime();
        try {
            reader.readOrRefuse(input);
        } catch (Throwable e) {
            throw new AssertionError("seed " + SEED + ", input " + shown(input), e);
        }
        Assertions.assertTrue(
                System.nanoTime() - before < PATIENCE.toNanos(), () -> "slow: " + shown(input));
    }

    /** The whole input in one line, so that it can be used again. */
    public static String shown(byte[] input) {
        return Base64.getEncoder().encodeToString(input)
                + "\n"
                + new String(input, StandardCharsets.ISO_8859_1);
    }
}

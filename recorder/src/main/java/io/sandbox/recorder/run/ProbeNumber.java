// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Call numbers for canaries and barriers: no kernel has a call of such a number, and no process can
 * guess them.
 */
public final class ProbeNumber {
    /**
     * Above every table, and below bit 30, which means x32: so the number is unknown on every
     * architecture.
     */
    private static final int BASE = 0x2000_0000;

    private static final int MASK = 0x1fff_ffff;

    private ProbeNumber() {}

    public static boolean isProbe(int number) {
        return (number & ~MASK) == BASE;
    }

    static int next() {
        return BASE | (ByteBuffer.wrap(random(Integer.BYTES)).getInt() & MASK);
    }

    /**
     * Reads the kernel's generator directly: SecureRandom would take longer to load than the whole
     * run.
     */
    static byte[] random(int count) {
        try (InputStream random = new FileInputStream("/dev/urandom")) {
            return random.readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

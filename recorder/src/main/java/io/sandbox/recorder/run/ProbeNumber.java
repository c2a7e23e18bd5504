// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Numbers for canaries and barriers: no kernel has them, and no process guesses them. */
public final class ProbeNumber {
    /** Above every table, and below bit 30 (x32), so it is unknown everywhere. */
    private static final int BASE = 0x2000_0000;

    private static final int MASK = 0x1fff_ffff;

    private ProbeNumber() {}

    public static boolean isProbe(int number) {
        return (number & ~MASK) == BASE;
    }

    static int next() {
        return BASE | (ByteBuffer.wrap(random(Integer.BYTES)).getInt() & MASK);
    }

    /** From the kernel: SecureRandom would take longer to load than the whole run. */
    static byte[] random(int count) {
        try (InputStream random = new FileInputStream("/dev/urandom")) {
            return random.readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

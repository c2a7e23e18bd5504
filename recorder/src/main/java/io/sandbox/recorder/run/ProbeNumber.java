// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Numbers for canaries and barriers: no kernel has a call there, and no process can guess them. */
public final class ProbeNumber {
    /**
     * Above every table and below x32's bit 30, so that it is a plain unknown number everywhere.
     */
    private static final int BASE = 0x2000_0000;

    private static final int MASK = 0x1fff_ffff;

    private ProbeNumber() {}

    /** Whether it is one of these numbers. */
    public static boolean isProbe(int number) {
        return (number & ~MASK) == BASE;
    }

    /**
     * From the kernel's generator itself: SecureRandom would take longer to load than the whole
     * run.
     */
    static int next() {
        try (DataInputStream random = new DataInputStream(new FileInputStream("/dev/urandom"))) {
            return BASE | (random.readInt() & MASK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

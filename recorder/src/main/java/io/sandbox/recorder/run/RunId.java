// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** Unique names for runs: 128 random bits. */
final class RunId {
    private static final int BYTES = 16;

    private RunId() {}

    /** Reads the kernel's generator for the reason that {@link ProbeNumber} gives. */
    static String next() {
        try (InputStream random = new FileInputStream("/dev/urandom")) {
            return HexFormat.of().formatHex(random.readNBytes(BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

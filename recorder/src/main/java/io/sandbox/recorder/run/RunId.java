// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** Names for runs that no two runs share: 128 random bits. */
final class RunId {
    private static final int BYTES = 16;

    private RunId() {}

    /** From the kernel's generator itself, as {@link ProbeNumber} does. */
    static String next() {
        try (InputStream random = new FileInputStream("/dev/urandom")) {
            return HexFormat.of().formatHex(random.readNBytes(BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

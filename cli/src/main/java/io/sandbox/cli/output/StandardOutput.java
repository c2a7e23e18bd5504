// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.outcome.OutputException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes to standard output, and finds out what a descriptor is connected to. */
public final class StandardOutput {
    public static final int DESCRIPTOR = 1;

    /** Used instead of System.out, which hides errors. */
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);

    public OutputStream stream() {
        return out;
    }

    /** Throws {@link OutputException} when that fails. */
    public void print(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Throws {@link OutputException} when that fails. */
    public void write(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    /** The width of a terminal in characters; 0 if unknown. */
    public static int columns(int descriptor) {
        return LibC.columns(descriptor);
    }

    /** Whether a descriptor is a terminal. Native code is loaded only if it may be one. */
    public static boolean isTerminal(int descriptor) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/")
                    && !target.equals("/dev/null")
                    && LibC.isTerminal(descriptor);
        } catch (IOException e) {
            // The descriptor is closed, or there is no /proc: treat it as no terminal.
            return false;
        }
    }
}

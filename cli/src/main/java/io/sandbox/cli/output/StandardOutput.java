// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.OutputException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Standard output of all our commands, and what it is connected to. */
public final class StandardOutput {
    public static final int DESCRIPTOR = 1;

    /** Not System.out, which keeps errors to itself. */
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);

    public OutputStream stream() {
        return out;
    }

    /**
     * @throws OutputException when that fails
     */
    public void print(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @throws OutputException when that fails
     */
    void write(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    /** The width of a terminal in characters; 0 if it does not know. */
    public static int columns(int descriptor) {
        return LibC.columns(descriptor);
    }

    /** Whether a descriptor is a terminal; native code is asked only where it may be one. */
    public static boolean isTerminal(int descriptor) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/")
                    && !target.equals("/dev/null")
                    && LibC.isTerminal(descriptor);
        } catch (IOException e) {
            // Closed, or no /proc: nothing to draw on.
            return false;
        }
    }
}

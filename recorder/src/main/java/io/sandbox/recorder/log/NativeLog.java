// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.enforcer.launch.NativeCode;
import java.io.FileDescriptor;
import java.io.IOException;

/** Native methods for reading large logs ({@code preload/src/java/log.c}). */
final class NativeLog {
    static {
        NativeCode.load();
    }

    private NativeLog() {}

    /**
     * Makes sure that the methods are there.
     *
     * @throws LinkageError if the library is missing, or is for other machines
     */
    static void load() {
        NativeCode.load();
    }

    /** Implements {@link io.sandbox.audit.RecordIndex}. The range must lie within the array. */
    static native int find(byte[] block, int from, int to, int[] starts);

    /**
     * Implements {@link io.sandbox.audit.LinesOfPart.File} for an open file. The range must lie
     * within the array.
     */
    static native int read(FileDescriptor file, byte[] buf, int off, int len, long position)
            throws IOException;
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.enforcer.launch.NativeCode;
import java.io.FileDescriptor;
import java.io.IOException;

/** Reading large logs by native methods ({@code preload/src/java/log.c}). */
final class NativeLog {
    static {
        NativeCode.load();
    }

    private NativeLog() {}

    /** As {@link io.sandbox.audit.RecordIndex} says. The range must lie within the array. */
    static native int find(byte[] block, int from, int to, int[] starts);

    /**
     * As {@link io.sandbox.audit.LinesOfPart.File}, from a file that is open. The range must lie
     * within the array.
     */
    static native int read(FileDescriptor file, byte[] buf, int off, int len, long position)
            throws IOException;
}

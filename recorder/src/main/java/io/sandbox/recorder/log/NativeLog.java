// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.enforcer.launch.NativeCode;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * Native methods for reading large logs ({@code preload/src/java/log.c}).
 *
 * <p>Java would copy once more what it reads. To find the ends of lines quickly takes vector
 * instructions, which the quick compiler of Java (C1) does not use, and the better compiler takes
 * longer than a whole run. The native code only finds the heads of lines, which Java interprets.
 */
final class NativeLog {
    static {
        NativeCode.load();
    }

    /** Throws {@link LinkageError} if the library is missing, or is for other machines. */
    static void load() {
        NativeCode.load();
    }

    /** Implements {@link io.sandbox.audit.RecordIndex}. The range must lie within the array. */
    static native int find(byte[] block, int from, int to, int[] starts);

    /** Lets a pipe take more at once, if it is one: reader and writer then wait less. */
    static native void widen(FileDescriptor file);

    /** {@link io.sandbox.audit.LinesOfPart.File} of an open file; checks no range. */
    static native int read(FileDescriptor file, byte[] buf, int off, int len, long position)
            throws IOException;
}

package io.sandbox.recorder.source;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/**
 * ioctl(2) by JNA's direct mapping, which takes some 20 ms to set up and then a tenth of the time
 * of {@link LibC}'s way: for the one place that makes a call for each call of the target.
 */
final class ListenerIoctl {
    static {
        Native.register(ListenerIoctl.class, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME));
    }

    private ListenerIoctl() {}

    /** Its own name; a failure is -1, with the errno in {@link Native#getLastError}. */
    private static native int ioctl(int fd, long request, long argument);

    /** A failure is the negative errno. */
    static int call(int fd, int request, long argument) {
        int result = ioctl(fd, Integer.toUnsignedLong(request), argument);
        return result == -1 ? -Native.getLastError() : result;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.nio.ByteBuffer;

/**
 * The ioctls of a listener ({@code preload/src/java/listener.c}), two of which are made for each
 * call of the target. {@code notif} is the address of a struct seccomp_notif; a failure is the
 * negative errno.
 */
final class NativeListener {
    static {
        NativeCode.load();
    }

    private NativeListener() {}

    /** Whether this kernel can ask about calls. */
    static native int checkKernel();

    /** What {@code notif} is below, for a direct buffer; as long as that is kept. */
    static native long address(ByteBuffer buffer);

    /** Waits for the next call; the result has the thread above, the number of the call below. */
    static native long receive(int fd, long notif);

    static native int letThrough(int fd, long notif);

    static native int checkWaiting(int fd, long notif);

    static native int setFlags(int fd, long flags);

    /** Fills a direct buffer with what the thread, which is in a call, has on its stack. */
    static native int readStack(int thread, ByteBuffer bytes);
}

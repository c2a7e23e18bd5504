// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.nio.ByteBuffer;

/**
 * The ioctls of a listener ({@code preload/src/java/listener.c}). Two of them are made for each
 * call of the target, so they take the address of a struct seccomp_notif, {@code notif}, instead of
 * a buffer. A failure is the negative errno.
 */
final class NativeListener {
    static {
        NativeCode.load();
    }

    /** Whether this kernel can ask about calls. */
    static native int checkKernel();

    /** The address of a direct buffer, for {@code notif}; valid as long as the buffer is. */
    static native long address(ByteBuffer buffer);

    /** Waits for a call: its thread in the upper half, its number in the lower. */
    static native long receive(int fd, long notif);

    static native int letThrough(int fd, long notif);

    static native int checkWaiting(int fd, long notif);

    static native int setFlags(int fd, long flags);

    /** Fills a direct buffer from the stack of a thread that waits in a call. */
    static native int readStack(int thread, ByteBuffer bytes);
}

package io.sandbox.recorder.source;

/**
 * The ioctls of a listener as native methods ({@code preload/src/java_listener.c}): two of them are
 * made for each call of the target, and {@link LibC}'s way takes ten times as long. {@code notif}
 * is the address of a struct seccomp_notif; a failure is the negative errno.
 */
final class NativeListener {
    static {
        System.load(System.getProperty("sandbox.home") + "/libsandbox-java.so");
    }

    private NativeListener() {}

    /** Waits for the next call; the result has the thread above, the number of the call below. */
    static native long receive(int fd, long notif);

    static native int letThrough(int fd, long notif);

    static native int checkWaiting(int fd, long notif);

    static native int setFlags(int fd, long flags);
}

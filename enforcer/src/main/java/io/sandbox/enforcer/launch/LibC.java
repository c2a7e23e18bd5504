// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * C functions that Java lacks, mostly under their own names ({@code preload/src/java/libc.c}). A
 * method returns what its function returns, but the negative errno instead of -1. Buffers are
 * direct, and are used from their beginning. No logic and no state; thread-safe.
 */
public final class LibC {
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int EAGAIN = 11;
    public static final int EEXIST = 17;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int EPIPE = 32;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int EPROTONOSUPPORT = 93;
    public static final int ENOBUFS = 105;

    static final short POLLIN = 1;

    static {
        NativeCode.load();
    }

    private LibC() {}

    /** {@code pollfds}: one struct for every 8 bytes. */
    static native int poll(ByteBuffer pollfds, int timeoutMillis);

    public static int open(String path, int flags) {
        return open(path.getBytes(StandardCharsets.UTF_8), flags);
    }

    private static native int open(byte[] path, int flags);

    /**
     * Watches writes to a folder's files, for {@link #takeWrites} (F_NOTIFY of fcntl(2)).
     *
     * @return a descriptor of the folder, which is watched until the descriptor is closed
     */
    public static int watchWrites(String folder) {
        return watchWrites(folder.getBytes(StandardCharsets.UTF_8));
    }

    private static native int watchWrites(byte[] folder);

    /**
     * Whether there was a write since the last time. Only for the thread that called {@link
     * #watchWrites}: the kernel sends it a signal, which stays blocked until this method takes it.
     */
    public static native boolean takeWrites();

    public static native int close(int fd);

    public static native int read(int fd, ByteBuffer buffer, int size);

    /** Writes the bytes of the buffer from {@code offset} on, like write(2). */
    public static native int write(int fd, ByteBuffer buffer, int offset, int size);

    /** {@code mode}: the mode of a new file, before the umask. */
    public static native int openat(int folder, byte[] name, int flags, int mode);

    /** {@code status} gets five numbers: st_dev, st_ino, st_mode, st_uid, st_gid. */
    public static native int fstatat(int folder, byte[] name, long[] status, int flags);

    public static int getxattr(String path, String attribute, ByteBuffer value) {
        return getxattr(
                path.getBytes(StandardCharsets.UTF_8),
                attribute.getBytes(StandardCharsets.UTF_8),
                value);
    }

    private static native int getxattr(byte[] path, byte[] attribute, ByteBuffer value);

    public static native int readlinkat(int folder, byte[] name, ByteBuffer text);

    public static native int renameat2(int folder, byte[] name, byte[] newName, int flags);

    public static native int unlinkat(int folder, byte[] name);

    /** With all permissions that the umask leaves. */
    public static native int mkdirat(int folder, byte[] name);

    /** Whether the file is on a proc(5) file system. */
    public static native boolean isProc(int fd);

    public static native int fchown(int fd, int owner, int group);

    public static native int fchmod(int fd, int mode);

    public static native int fsync(int fd);

    public static native int flock(int fd, int operation);

    /** For a start: the first ProcessHandle makes the JVM start a pool of threads. */
    public static native int getpid();

    public static native int geteuid();

    public static native int seekToEnd(int fd);

    /** A raw netlink socket to the kernel's audit core, close-on-exec. */
    public static native int auditSocket();

    public static native int bindNetlink(int fd, int groupMask);

    /** A socket of this abstract name for datagrams, close-on-exec. */
    public static native int notifySocket(byte[] name);

    public static native int setsockopt(int fd, int level, int option, int value);

    /** Fills the buffer as far as the option's value goes. */
    public static native int getsockopt(int fd, int level, int option, ByteBuffer value);

    public static native int send(int fd, ByteBuffer buffer, int size);

    /** Does not wait. */
    public static native int recv(int fd, ByteBuffer buffer);

    /**
     * Takes up to 64 messages of a netlink socket, without waiting.
     *
     * @param slots where the messages are put, at multiples of {@code slotSize}
     * @param heads gets two ints for each message: the sender's port and the length
     * @return the number of messages
     */
    public static native int recvmmsg(int fd, ByteBuffer slots, int slotSize, ByteBuffer heads);

    /** Sets the policy (sched(7)) of the calling thread, with priority 0. */
    public static native int schedSetScheduler(int policy);

    /** No unprivileged process may trace us or read our memory any more (PR_SET_DUMPABLE). */
    static void forbidTracing() {
        setDumpable(0);
    }

    private static native int setDumpable(int value);

    /** From now on HUP, INT, QUIT and TERM do nothing but send "signaled NUMBER" to this socket. */
    static native void tellEndSignals(int fd);

    public static native int pidfdOpen(int process);

    static native int pidfdSendSignal(int fd, int signal);

    /**
     * How the process ended, as waitpid(2) reports it. -EAGAIN if it still runs, or if its parent
     * has not read its status yet; another negative errno if the kernel does not report it.
     */
    public static native int pidfdExitStatus(int fd);

    /** Whether {@code fd} is a terminal, in any mode. */
    public static native boolean isTerminal(int fd);

    /** Whether {@code fd} is a terminal in its normal line mode, so that no program draws on it. */
    public static native boolean isLineTerminal(int fd);

    /** The width of the terminal in characters; 0 if unknown, or if {@code fd} is no terminal. */
    public static native int columns(int fd);

    public static native String strerror(int errno);
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The C library's calls that Java has no words for, mostly under their own names ({@code
 * preload/src/java/libc.c}). Every method returns what the function returns, with a failure as the
 * negative errno instead of -1. Buffers are direct ones, and are used from their beginning. No
 * logic and no state; thread-safe.
 */
public final class LibC {
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
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

    /**
     * @param pollfds as many as fit into it
     */
    static native int poll(ByteBuffer pollfds, int timeoutMillis);

    public static int open(String path, int flags) {
        return open(path.getBytes(StandardCharsets.UTF_8), flags);
    }

    private static native int open(byte[] path, int flags);

    /**
     * Watches writes to the files of a folder, for {@link #takeWrites} (dnotify: F_NOTIFY of
     * fcntl(2)).
     *
     * @return a descriptor of the folder: it is watched until that is closed
     */
    public static int watchWrites(String folder) {
        return watchWrites(folder.getBytes(StandardCharsets.UTF_8));
    }

    private static native int watchWrites(byte[] folder);

    /**
     * Whether there was a write since the last time. To be asked by the thread that called {@link
     * #watchWrites}, since the kernel sends it a signal, which waits until then.
     */
    public static native boolean takeWrites();

    public static native int close(int fd);

    public static native int read(int fd, ByteBuffer buffer, int size);

    /** As write(2), of the bytes of the buffer from {@code offset} on. */
    public static native int write(int fd, ByteBuffer buffer, int offset, int size);

    /**
     * @param mode of a file that is made; the umask is taken off
     */
    public static native int openat(int folder, byte[] name, int flags, int mode);

    /**
     * @param status five numbers: st_dev, st_ino, st_mode, st_uid, st_gid
     */
    public static native int fstatat(int folder, byte[] name, long[] status, int flags);

    public static native int readlinkat(int folder, byte[] name, ByteBuffer text);

    /** Within one folder. */
    public static native int renameat2(int folder, byte[] name, byte[] newName, int flags);

    public static native int unlinkat(int folder, byte[] name);

    /** Whether it is of a proc(5) file system. */
    public static native boolean isProc(int fd);

    public static native int fchown(int fd, int owner, int group);

    public static native int fchmod(int fd, int mode);

    public static native int fsync(int fd);

    public static native int geteuid();

    public static native int seekToEnd(int fd);

    /** A raw netlink socket to the audit part of the kernel, close-on-exec. */
    public static native int auditSocket();

    public static native int bindNetlink(int fd, int groupMask);

    public static native int setsockopt(int fd, int level, int option, int value);

    /** Fills the buffer, or as much of it as the option has. */
    public static native int getsockopt(int fd, int level, int option, ByteBuffer value);

    public static native int send(int fd, ByteBuffer buffer, int size);

    /** Without waiting. */
    public static native int recv(int fd, ByteBuffer buffer);

    /**
     * Takes up to 64 messages of a netlink socket, without waiting.
     *
     * @param slots where they are put, at the multiples of {@code slotSize}
     * @param heads two ints for each: the sender's port and the length
     * @return how many
     */
    public static native int recvmmsg(int fd, ByteBuffer slots, int slotSize, ByteBuffer heads);

    /**
     * For the calling thread, with priority 0.
     *
     * @param policy of sched(7)
     */
    public static native int schedSetScheduler(int policy);

    /**
     * From now on no process without privilege may trace this one, read its memory, or take a
     * descriptor from it, as if it had changed its user (PR_SET_DUMPABLE).
     */
    static void forbidTracing() {
        setDumpable(0);
    }

    private static native int setDumpable(int value);

    /** From now on this process ignores HUP, INT, QUIT and TERM. */
    static native void ignoreEndSignals();

    public static native int pidfdOpen(int process);

    static native int pidfdSendSignal(int fd, int signal);

    /**
     * How the process has ended, as waitpid(2) has it; -EAGAIN if it has not, or nobody has asked
     * for its status yet; another failure if the kernel does not tell.
     */
    public static native int pidfdExitStatus(int fd);

    /** True when {@code fd} is a terminal in any mode. */
    public static native boolean isTerminal(int fd);

    /**
     * True when {@code fd} is a terminal in its ordinary, line-by-line mode: no program draws on
     * it.
     */
    public static native boolean isLineTerminal(int fd);

    /** The width of the terminal in characters; 0 if {@code fd} is none, or does not know. */
    public static native int columns(int fd);

    /** The text of an errno, as strerror(3) gives it. */
    public static native String strerror(int errno);
}

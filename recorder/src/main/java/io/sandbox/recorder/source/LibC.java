package io.sandbox.recorder.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The C library's calls that Java has no words for, mostly under their own names ({@code
 * preload/src/java/libc.c}). Every method returns what the function returns, with a failure as the
 * negative errno instead of -1. Buffers are direct ones, and are used from their beginning. No
 * logic and no state; thread-safe.
 */
public final class LibC {
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EEXIST = 17;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int EPIPE = 32;
    static final int ENOSYS = 38;
    static final int ELOOP = 40;
    static final int ENOBUFS = 105;

    static final short POLLIN = 1;

    static {
        NativeCode.load();
    }

    private LibC() {}

    /**
     * @param pollfds as many as fit into it
     */
    static native int poll(ByteBuffer pollfds, int timeoutMillis);

    static int open(String path, int flags) {
        return open(path.getBytes(StandardCharsets.UTF_8), flags);
    }

    private static native int open(byte[] path, int flags);

    /**
     * An instance of inotify(7), close-on-exec and not waiting, that watches one file.
     *
     * @param mask events
     */
    static int inotifyOpen(String path, int mask) {
        return inotifyOpen(path.getBytes(StandardCharsets.UTF_8), mask);
    }

    private static native int inotifyOpen(byte[] path, int mask);

    static native int close(int fd);

    static native int read(int fd, ByteBuffer buffer, int size);

    /** As write(2), of the bytes of the buffer from {@code offset} on. */
    static native int write(int fd, ByteBuffer buffer, int offset, int size);

    /**
     * @param mode of a file that is made; the umask is taken off
     */
    static native int openat(int folder, byte[] name, int flags, int mode);

    /**
     * @param status five numbers: st_dev, st_ino, st_mode, st_uid, st_gid
     */
    static native int fstatat(int folder, byte[] name, long[] status, int flags);

    static native int readlinkat(int folder, byte[] name, ByteBuffer text);

    /** Within one folder. */
    static native int renameat2(int folder, byte[] name, byte[] newName, int flags);

    static native int unlinkat(int folder, byte[] name);

    /** Whether it is of a proc(5) file system. */
    static native boolean isProc(int fd);

    static native int fchown(int fd, int owner, int group);

    static native int fchmod(int fd, int mode);

    static native int fsync(int fd);

    static native int geteuid();

    static native int seekToEnd(int fd);

    /** A raw netlink socket to the audit part of the kernel, close-on-exec. */
    static native int auditSocket();

    static native int bindNetlink(int fd, int groupMask);

    static native int setsockopt(int fd, int level, int option, int value);

    /** Fills the buffer, or as much of it as the option has. */
    static native int getsockopt(int fd, int level, int option, ByteBuffer value);

    static native int send(int fd, ByteBuffer buffer, int size);

    /** Without waiting. */
    static native int recv(int fd, ByteBuffer buffer);

    /**
     * Takes up to 64 messages of a netlink socket, without waiting.
     *
     * @param slots where they are put, at the multiples of {@code slotSize}
     * @param heads two ints for each: the sender's port and the length
     * @return how many
     */
    static native int recvmmsg(int fd, ByteBuffer slots, int slotSize, ByteBuffer heads);

    /**
     * For the calling thread, with priority 0.
     *
     * @param policy of sched(7)
     */
    static native int schedSetScheduler(int policy);

    /**
     * From now on no process without privilege may trace this one, read its memory, or take a
     * descriptor from it, as if it had changed its user (PR_SET_DUMPABLE).
     */
    public static void forbidTracing() {
        setDumpable(0);
    }

    private static native int setDumpable(int value);

    static native int pidfdOpen(int process);

    static native int pidfdSendSignal(int fd, int signal);

    /**
     * How the process has ended, as waitpid(2) has it; -EAGAIN if it has not, or nobody has asked
     * for its status yet; another failure if the kernel does not tell.
     */
    static native int pidfdExitStatus(int fd);

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
    static native String strerror(int errno);
}

package io.sandbox.recorder.source;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.HashMap;
import java.util.Map;

/**
 * The C library's calls that Java has no words for, under their own names. Every method returns
 * what the function returns, with a failure as the negative errno instead of -1. No logic and no
 * state.
 *
 * <p>It calls through JNA's {@code Function} rather than a mapped interface, which starts some 20
 * ms faster. Thread-safe.
 */
public final class LibC {
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EPIPE = 32;
    static final int ENOBUFS = 105;

    static final short POLLIN = 1;

    private static final NativeLibrary C = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
    private static final Map<String, Function> FUNCTIONS = new HashMap<>();

    private LibC() {}

    /** Loads JNA and the C library now rather than on the first call. */
    public static void load() {
        C.getName();
    }

    static int poll(Pointer pollfds, int count, int timeoutMillis) {
        return call("poll", pollfds, (long) count, timeoutMillis);
    }

    static int recv(int fd, Pointer buffer, int size, int flags) {
        return call("recv", fd, buffer, (long) size, flags);
    }

    static int send(int fd, Pointer buffer, int size, int flags) {
        return call("send", fd, buffer, (long) size, flags);
    }

    static int close(int fd) {
        return call("close", fd);
    }

    /**
     * True when {@code fd} is a terminal in its ordinary, line-by-line mode: no program draws on
     * it.
     */
    public static boolean isLineTerminal(int fd) {
        // struct termios: c_iflag, c_oflag, c_cflag, c_lflag, each 32 bits; ICANON is 2
        // (termios(3)).
        try (Memory termios = new Memory(256)) {
            return call("tcgetattr", fd, termios) == 0 && (termios.getInt(12) & 2) != 0;
        }
    }

    /** True when {@code fd} is a terminal in any mode. */
    public static boolean isTerminal(int fd) {
        return call("isatty", fd) == 1;
    }

    /** The width of the terminal in characters; 0 if {@code fd} is none, or does not know. */
    public static int columns(int fd) {
        // struct winsize: ws_row, ws_col, 16 bits each (ioctl_tty(2)).
        try (Memory size = new Memory(8)) {
            return call("ioctl", fd, 0x5413L, size) == 0 ? size.getShort(2) & 0xffff : 0;
        }
    }

    static int open(String path, int flags) {
        return call("open", path, flags);
    }

    static int read(int fd, Pointer buffer, int size) {
        return call("read", fd, buffer, (long) size);
    }

    static int lseek(int fd, long offset, int whence) {
        return call("lseek", fd, offset, whence);
    }

    /**
     * For the calling thread, with priority 0.
     *
     * @param policy of sched(7)
     */
    static int schedSetScheduler(int policy) {
        try (Memory priority = new Memory(4)) {
            priority.setInt(0, 0);
            return call("sched_setscheduler", 0, policy, priority);
        }
    }

    static int socket(int domain, int type, int protocol) {
        return call("socket", domain, type, protocol);
    }

    static int bind(int fd, Pointer address, int size) {
        return call("bind", fd, address, size);
    }

    static int setsockopt(int fd, int level, int option, Pointer value, int size) {
        return call("setsockopt", fd, level, option, value, size);
    }

    static int getsockopt(int fd, int level, int option, Pointer value, Pointer size) {
        return call("getsockopt", fd, level, option, value, size);
    }

    static int ioctl(int fd, int request, Pointer argument) {
        return call("ioctl", fd, (long) request & 0xffffffffL, argument);
    }

    /**
     * By its number, for what the C library may have no function for.
     *
     * @param numberAndArguments each a Long, as syscall(2) takes them
     */
    static int syscall(Object... numberAndArguments) {
        return call("syscall", numberAndArguments);
    }

    static int recvmmsg(int fd, Pointer messages, int count, int flags) {
        return call("recvmmsg", fd, messages, count, flags, Pointer.NULL);
    }

    /** The text of an errno, as strerror(3) gives it. */
    static String strerror(int errno) {
        return function("strerror").invokeString(new Object[] {Math.abs(errno)}, false);
    }

    private static int call(String name, Object... arguments) {
        int result = function(name).invokeInt(arguments);
        return result == -1 ? -Native.getLastError() : result;
    }

    private static Function function(String name) {
        synchronized (FUNCTIONS) {
            return FUNCTIONS.computeIfAbsent(name, C::getFunction);
        }
    }
}

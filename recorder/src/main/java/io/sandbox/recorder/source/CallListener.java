package io.sandbox.recorder.source;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;

/**
 * The listener of a filter (seccomp_unotify(2)): tells of each call for which the filter says
 * SECCOMP_RET_USER_NOTIF. The calling thread waits until it is answered or dies; once all copies of
 * the listener are closed such calls fail with ENOSYS. One thread reads it; another may ask {@link
 * #isOrphaned}.
 */
public final class CallListener implements AutoCloseable {
    private static final long SYNC_WAKE_UP = 1;

    /** struct seccomp_notif: id, pid, flags; then struct seccomp_data. */
    private static final int NOTIF = 80;

    private static final int ARCH = 20;
    private static final int INSTRUCTION = 24;
    private static final int ARGUMENTS = 32;

    private final int fd;
    private final Waiter anything;
    private final Waiter end;
    private final ByteBuffer notif;
    private final long notifAddress;
    private int thread;
    private int number;

    private CallListener(int descriptor, ByteBuffer notif) {
        fd = descriptor;
        this.notif = notif;
        notifAddress = NativeListener.address(notif);
        anything = new Waiter(fd);
        end = Waiter.withEndOfLast(fd);
    }

    /**
     * @param listener is closed with the result
     * @param page a file of one page, into which each call is written: whoever shares it can answer
     *     when we are gone; is closed now
     * @throws SourceException when the page cannot be used
     */
    public static CallListener take(int listener, int page) {
        String path = "/proc/self/fd/" + page;
        try (RandomAccessFile file = new RandomAccessFile(path, "rw")) {
            ByteBuffer notif = file.getChannel().map(MapMode.READ_WRITE, 0, NOTIF);
            return new CallListener(listener, notif.order(ByteOrder.nativeOrder()));
        } catch (IOException e) {
            throw new SourceException(path + ": " + FileFailure.reason(e) + " (is /proc mounted?)");
        } finally {
            LibC.close(page);
        }
    }

    /**
     * @throws SourceException when this kernel, or a filter that we are under, has no such thing
     */
    public static void requireKernel() {
        int result = NativeListener.checkKernel();
        if (result < 0) {
            throw SourceException.of(
                    "notify", result, "the kernel cannot ask about calls: needs Linux 5.9");
        }
    }

    /**
     * Has the kernel switch between caller and listener as in a function call, without the
     * scheduler: some eight times faster.
     *
     * @return false if it cannot (before Linux 6.6)
     */
    public boolean enableSyncWakeUp() {
        return NativeListener.setFlags(fd, SYNC_WAKE_UP) == 0;
    }

    /**
     * For poll(2): readable when a call waits, hung up when no process under the filter is left.
     */
    public int descriptor() {
        return fd;
    }

    /** Whether no process under the filter is left. */
    public boolean isOrphaned() {
        return end.await(0);
    }

    /**
     * Takes the next call, without waiting; the methods below are then about it.
     *
     * @return false if there is none
     * @throws SourceException when the listener cannot be read
     */
    public boolean poll() {
        return anything.await(0) && !isOrphaned() && receive();
    }

    /**
     * Waits for the next call; the methods below are then about it.
     *
     * @return false if its caller was killed meanwhile, or no process under the filter is left
     * @throws SourceException when the listener cannot be read
     */
    public boolean receive() {
        long result = NativeListener.receive(fd, notifAddress);
        if (result >= 0) {
            thread = (int) (result >>> Integer.SIZE);
            number = (int) result;
            return true;
        }
        if (result == -LibC.ENOENT || result == -LibC.EINTR) {
            return false;
        }
        throw SourceException.of("listener", (int) result, "reading the program's calls failed");
    }

    /** The kernel's number of the question: one more than that of the question before. */
    public long id() {
        return notif.getLong(0);
    }

    /** The calling thread, as our PID namespace numbers it. */
    public int thread() {
        return thread;
    }

    public int number() {
        return number;
    }

    /** An AUDIT_ARCH value. */
    public int auditArch() {
        return notif.getInt(ARCH);
    }

    /** The address right after the instruction that makes the call. */
    public long instruction() {
        return notif.getLong(INSTRUCTION);
    }

    /**
     * @param index 0 to 5
     * @return unsigned
     */
    public long argument(int index) {
        return notif.getLong(ARGUMENTS + index * Long.BYTES);
    }

    /** All six, unsigned. */
    public List<Long> arguments() {
        List<Long> arguments = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            arguments.add(argument(i));
        }
        return arguments;
    }

    /**
     * Whether the caller still waits. If so, whatever was read of it by its number, before this was
     * asked, was its own. A signal can end the waiting; the call is then made again.
     */
    public boolean isWaiting() {
        return NativeListener.checkWaiting(fd, notifAddress) == 0;
    }

    /**
     * Has the call made.
     *
     * @throws SourceException when the listener does not take the answer
     */
    public void letThrough() {
        int result = NativeListener.letThrough(fd, notifAddress);
        // ENOENT: it does not wait any more.
        if (result < 0 && result != -LibC.ENOENT) {
            throw SourceException.of("listener", result, "answering the program's call failed");
        }
    }

    /**
     * Reads what a thread that waits in a call has on its stack, from its stack pointer on.
     *
     * @param bytes direct; is filled
     * @return false if that cannot be read
     */
    public static boolean readStack(int thread, ByteBuffer bytes) {
        return NativeListener.readStack(thread, bytes) == 0;
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}

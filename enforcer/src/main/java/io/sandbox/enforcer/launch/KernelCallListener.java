// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import io.sandbox.outcome.FileFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;

/** The listener of a real filter, used by ioctl(2). */
public final class KernelCallListener implements CallListener {
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

    private KernelCallListener(int descriptor, ByteBuffer notif) {
        fd = descriptor;
        this.notif = notif;
        notifAddress = NativeListener.address(notif);
        anything = new PollWaiter(fd);
        end = PollWaiter.withEndOfLast(fd);
    }

    /**
     * @param listener closed with the result
     * @param page a file of one page, into which the kernel writes each call, so that sandbox-exec,
     *     which shares the page, can answer when we are gone; closed by this method
     * @throws SourceException when the page cannot be used
     */
    static KernelCallListener take(int listener, int page) {
        String path = "/proc/self/fd/" + page;
        try (RandomAccessFile file = new RandomAccessFile(path, "rw")) {
            ByteBuffer notif = file.getChannel().map(MapMode.READ_WRITE, 0, NOTIF);
            return new KernelCallListener(listener, notif.order(ByteOrder.nativeOrder()));
        } catch (IOException e) {
            throw new SourceException(path + ": " + FileFailure.reason(e) + " (is /proc mounted?)");
        } finally {
            LibC.close(page);
        }
    }

    /**
     * @throws SourceException if the kernel has no listeners, or a filter over us forbids them
     */
    public static void requireKernel() {
        int result = NativeListener.checkKernel();
        if (result < 0) {
            throw SourceException.of(
                    "notify", result, "the kernel cannot ask about calls: needs Linux 5.9");
        }
    }

    @Override
    public boolean enableSyncWakeUp() {
        return NativeListener.setFlags(fd, SYNC_WAKE_UP) == 0;
    }

    @Override
    public int descriptor() {
        return fd;
    }

    @Override
    public boolean isOrphaned() {
        return end.await(0);
    }

    @Override
    public boolean poll() {
        return anything.await(0) && !isOrphaned() && receive();
    }

    @Override
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

    @Override
    public long id() {
        return notif.getLong(0);
    }

    @Override
    public int thread() {
        return thread;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public int auditArch() {
        return notif.getInt(ARCH);
    }

    @Override
    public long instruction() {
        return notif.getLong(INSTRUCTION);
    }

    @Override
    public long argument(int index) {
        return notif.getLong(ARGUMENTS + index * Long.BYTES);
    }

    @Override
    public List<Long> arguments() {
        List<Long> arguments = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            arguments.add(argument(i));
        }
        return arguments;
    }

    @Override
    public boolean isWaiting() {
        return NativeListener.checkWaiting(fd, notifAddress) == 0;
    }

    @Override
    public void letThrough() {
        int result = NativeListener.letThrough(fd, notifAddress);
        // ENOENT: the caller does not wait any more.
        if (result < 0 && result != -LibC.ENOENT) {
            throw SourceException.of("listener", result, "answering the program's call failed");
        }
    }

    /**
     * Reads the stack of a thread that waits in a call, from its stack pointer on.
     *
     * @param bytes a direct buffer, which is filled
     * @return false if the stack cannot be read
     */
    public static boolean readStack(int thread, ByteBuffer bytes) {
        return NativeListener.readStack(thread, bytes) == 0;
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}

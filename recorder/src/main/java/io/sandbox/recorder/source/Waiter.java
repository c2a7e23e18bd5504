package io.sandbox.recorder.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Waits until one of some descriptors can be read (poll(2)). For one thread. */
public final class Waiter {
    private static final int POLLFD = 8;
    private static final int EVENTS = 4;
    private static final int RETURNED = 6;

    private final ByteBuffer pollfds;

    public Waiter(int... descriptors) {
        int size = descriptors.length * POLLFD;
        pollfds = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        for (int i = 0; i < descriptors.length; i++) {
            pollfds.putInt(i * POLLFD, descriptors[i]);
            pollfds.putShort(i * POLLFD + EVENTS, LibC.POLLIN);
        }
    }

    /**
     * Of the last descriptor it waits for nothing but the hang-up (POLLHUP), which poll(2) always
     * tells; a reader elsewhere is then not disturbed.
     */
    public static Waiter withEndOfLast(int... descriptors) {
        Waiter waiter = new Waiter(descriptors);
        waiter.pollfds.putShort(waiter.pollfds.capacity() - POLLFD + EVENTS, (short) 0);
        return waiter;
    }

    /**
     * Returns when there is something to read, when a signal came, or after {@code millis}; true in
     * the first case.
     */
    public boolean await(int millis) {
        return LibC.poll(pollfds, millis) > 0;
    }

    /**
     * Whether the last {@link #await} returned for this descriptor, by its place among those given:
     * it can be read, or has hung up.
     */
    public boolean hasCome(int index) {
        return pollfds.getShort(index * POLLFD + RETURNED) != 0;
    }
}

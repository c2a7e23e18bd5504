package io.sandbox.recorder.source;

import com.sun.jna.Memory;

/** Waits until one of some descriptors can be read (poll(2)). For one thread. */
public final class Waiter {
    private static final int POLLFD = 8;
    private static final int EVENTS = 4;

    private final Memory pollfds;
    private final int count;

    public Waiter(int... descriptors) {
        count = descriptors.length;
        pollfds = new Memory((long) count * POLLFD);
        pollfds.clear();
        for (int i = 0; i < count; i++) {
            pollfds.setInt((long) i * POLLFD, descriptors[i]);
            pollfds.setShort((long) i * POLLFD + EVENTS, LibC.POLLIN);
        }
    }

    /**
     * Of the last descriptor it waits for nothing but the hang-up (POLLHUP), which poll(2) always
     * tells; a reader elsewhere is then not disturbed.
     */
    public static Waiter withEndOfLast(int... descriptors) {
        Waiter waiter = new Waiter(descriptors);
        waiter.pollfds.setShort((waiter.count - 1L) * POLLFD + EVENTS, (short) 0);
        return waiter;
    }

    /**
     * Returns when there is something to read, when a signal came, or after {@code millis}; true in
     * the first case.
     */
    public boolean await(int millis) {
        return LibC.poll(pollfds, count, millis) > 0;
    }
}

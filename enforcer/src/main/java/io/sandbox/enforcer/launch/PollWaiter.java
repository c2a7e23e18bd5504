// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Waits until one of some descriptors can be read (poll(2)). For one thread. */
public final class PollWaiter implements Waiter {
    private static final int POLLFD = 8;
    private static final int EVENTS = 4;
    private static final int RETURNED = 6;

    private final ByteBuffer pollfds;

    public PollWaiter(int... descriptors) {
        int size = descriptors.length * POLLFD;
        pollfds = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        for (int i = 0; i < descriptors.length; i++) {
            pollfds.putInt(i * POLLFD, descriptors[i]);
            pollfds.putShort(i * POLLFD + EVENTS, LibC.POLLIN);
        }
    }

    /** Waits only for the last one's POLLHUP, so that another thread can read from it. */
    static PollWaiter withEndOfLast(int... descriptors) {
        PollWaiter waiter = new PollWaiter(descriptors);
        waiter.pollfds.putShort(waiter.pollfds.capacity() - POLLFD + EVENTS, (short) 0);
        return waiter;
    }

    @Override
    public boolean await(int millis) {
        return LibC.poll(pollfds, millis) > 0;
    }

    @Override
    public boolean hasCome(int index) {
        return pollfds.getShort(index * POLLFD + RETURNED) != 0;
    }
}

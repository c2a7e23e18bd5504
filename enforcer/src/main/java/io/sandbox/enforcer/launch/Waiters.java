// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** Makes waiters, and has the clock for time limits. */
public interface Waiters {
    /** Uses poll(2) and the machine's clock. */
    Waiters KERNEL =
            new Waiters() {
                @Override
                public Waiter of(int... descriptors) {
                    return new PollWaiter(descriptors);
                }

                @Override
                public Waiter withEndOfLast(int... descriptors) {
                    return PollWaiter.withEndOfLast(descriptors);
                }

                @Override
                public long nanoTime() {
                    return System.nanoTime();
                }
            };

    Waiter of(int... descriptors);

    /** Waits only for the last one's hang-up, so that another thread can read from it. */
    Waiter withEndOfLast(int... descriptors);

    /** The time of a monotonic clock; only differences have a meaning. */
    long nanoTime();
}

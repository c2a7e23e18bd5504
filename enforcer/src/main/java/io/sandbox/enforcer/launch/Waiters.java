// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** Makes waiters, and tells the time by which a recorder is patient. */
public interface Waiters {
    /** The kernel's: poll(2), and the clock of the machine. */
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

    /**
     * Of the last descriptor it waits for nothing but the hang-up, so that a reader elsewhere is
     * not disturbed.
     */
    Waiter withEndOfLast(int... descriptors);

    /** Of a clock that goes on steadily; only differences mean anything. */
    long nanoTime();
}

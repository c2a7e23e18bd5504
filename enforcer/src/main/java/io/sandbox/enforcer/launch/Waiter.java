// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** Waits until one of some descriptors can be read. For one thread. */
public interface Waiter {
    /**
     * Returns when there is something to read, when a signal came, or after {@code millis}; true in
     * the first case.
     */
    boolean await(int millis);

    /**
     * Whether the last {@link #await} returned for this descriptor, by its place among those given:
     * it can be read, or has hung up.
     */
    boolean hasCome(int index);
}

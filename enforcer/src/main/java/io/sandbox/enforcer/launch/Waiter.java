// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** Waits until one of some descriptors can be read. For one thread. */
public interface Waiter {
    /**
     * Waits until there is something to read, a signal came, or {@code millis} are over. True in
     * the first case.
     */
    boolean await(int millis);

    /**
     * Whether the descriptor at {@code index} could be read, or had hung up, when the last {@link
     * #await} returned.
     */
    boolean hasCome(int index);
}

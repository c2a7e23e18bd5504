// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** Waits until one of some descriptors can be read. For one thread. */
public interface Waiter {
    /** Waits for something to read (true), a signal, or the end of {@code millis}. */
    boolean await(int millis);

    /** Whether the last {@link #await} found the descriptor readable or hung up. */
    boolean hasCome(int index);
}

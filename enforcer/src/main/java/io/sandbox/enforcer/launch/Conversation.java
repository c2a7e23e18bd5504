// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.Optional;

/** Exchanges messages with {@code sandbox-exec}, see supervisor.h. For one thread. */
public interface Conversation {
    /** For poll(2): readable when a message has come. */
    int descriptor();

    /** Throws {@link ControlException} when nobody is at the other end. */
    void send(String message);

    /**
     * Sends a message that consists of a line and further bytes.
     *
     * @param line the line with its newline
     * @throws ControlException when nobody is at the other end
     */
    void send(String line, byte[] rest);

    /** Waits for the next message. Throws {@link ControlException} like {@link #send}. */
    String receive();

    /** The next message if one has come, without waiting. */
    Optional<String> poll();

    /**
     * The listener that came with the last message. The caller closes it.
     *
     * @throws SourceException when it cannot be used
     */
    CallListener takeListener();
}

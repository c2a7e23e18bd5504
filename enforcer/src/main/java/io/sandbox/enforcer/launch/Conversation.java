// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.Optional;

/**
 * Whole messages to and from {@code sandbox-exec}, the process that the user started; {@code
 * preload/src/exec/supervisor.h} describes them. For one thread.
 */
public interface Conversation {
    /** For poll(2): readable when a message has come. */
    int descriptor();

    /**
     * @throws ControlException when nobody is at the other end
     */
    void send(String message);

    /**
     * A message of a line and what follows it.
     *
     * @param line with its newline
     * @throws ControlException when nobody is at the other end
     */
    void send(String line, byte[] rest);

    /**
     * Waits for the next message.
     *
     * @throws ControlException when nobody is at the other end
     */
    String receive();

    /** The next message if one has come, without waiting. */
    Optional<String> poll();

    /**
     * The listener that the last message said has come; the caller closes it.
     *
     * @throws SourceException when it cannot be used
     */
    CallListener takeListener();
}

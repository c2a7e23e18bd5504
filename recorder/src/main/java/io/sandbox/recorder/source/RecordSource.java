// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.audit.SeccompRecord;
import java.util.function.Consumer;

/**
 * Where evidence comes from: the kernel's seccomp records of the whole machine, from the moment of
 * opening. A source counts what it knows to be lost and never hides a loss. For one thread.
 */
public interface RecordSource extends AutoCloseable {
    /** The name that {@code --source} takes. */
    String name();

    /** A descriptor that poll(2) reports readable when there is something to drain. */
    int descriptor();

    /**
     * Hands over every record that has arrived and returns; never waits for more. The record is
     * valid only during the call of {@code sink}.
     */
    void drain(Consumer<SeccompRecord> sink);

    /**
     * How long a record may take from the kernel to {@link #drain} before it must be called lost.
     */
    long patienceNanos();

    /** Forgets the losses so far. Called when the canary has arrived: they are not the target's. */
    void startCounting();

    /** What has been lost since {@link #startCounting}. */
    Losses losses();

    @Override
    void close();
}

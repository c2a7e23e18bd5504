// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.evidence.Signs;
import java.util.function.Consumer;

/**
 * A source of the kernel's seccomp records. It delivers those of the whole machine, from when it is
 * opened. It counts every loss that it knows of. For one thread.
 */
public interface RecordSource extends AutoCloseable {
    /** The name that {@code --source} takes. */
    String name();

    /** A descriptor that poll(2) reports readable when there is something to drain. */
    int descriptor();

    /**
     * Hands over every record that has arrived, and does not wait for more. A record is valid only
     * during the call of {@code sink}.
     */
    void drain(Consumer<SeccompRecord> sink);

    /** How long a record may take from the kernel to {@link #drain} before it counts as lost. */
    long patienceNanos();

    /**
     * Forgets the losses so far. Called before each target starts: earlier losses do not concern
     * it.
     */
    void startCounting();

    /** What has been lost since {@link #startCounting}. */
    Signs losses();

    /** What may be the reason if nothing arrives. */
    String whySilent();

    @Override
    void close();
}

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

    /** Hands over what has arrived, without waiting. A record is valid during the call. */
    void drain(Consumer<SeccompRecord> sink);

    /** How long a record may take from the kernel to {@link #drain} before it counts as lost. */
    long patienceNanos();

    /** Forgets losses so far, before each target's start: they do not concern it. */
    void startCounting();

    /** What has been lost since {@link #startCounting}. */
    Signs losses();

    /** What may be the reason if nothing arrives. */
    String whySilent();

    @Override
    void close();
}

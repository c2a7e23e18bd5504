// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LossKind;
import io.sandbox.audit.MalformedReason;
import io.sandbox.audit.SeccompRecord;
import java.util.OptionalLong;

/** Takes what is found in a log, in the log's order. */
interface OutcomeSink {
    /** {@code record} is valid only during this call. */
    void record(SeccompRecord record);

    /**
     * @param count how many records the line says are lost; empty if it does not say
     * @param millis when it says so, in milliseconds since the epoch; empty if not known
     */
    void loss(LossKind kind, OptionalLong count, OptionalLong millis);

    /**
     * @param position where the line begins in the decompressed log, or the entry ends, in bytes
     */
    void malformed(MalformedReason reason, long position);
}

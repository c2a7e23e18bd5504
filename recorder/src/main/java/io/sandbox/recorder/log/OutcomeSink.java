// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LossKind;
import io.sandbox.audit.MalformedReason;
import io.sandbox.audit.SeccompRecord;
import java.util.OptionalLong;

/** Takes what is found in a log, in its order. */
interface OutcomeSink {
    /**
     * @param record valid during the call only
     */
    void record(SeccompRecord record);

    /**
     * @param count as the line says it, if it does
     */
    void loss(LossKind kind, OptionalLong count);

    /**
     * @param position where in the unpacked log the line begins, or the entry ends, in bytes
     */
    void malformed(MalformedReason reason, long position);
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LossKind;
import io.sandbox.audit.MalformedReason;
import io.sandbox.audit.SeccompRecord;
import java.util.OptionalLong;

/**
 * Counts all records, and writes the wanted ones as lines of JSON.
 *
 * @param json null if no JSON is wanted
 */
record RecordLines(LogTally tally, RecordJson json) implements OutcomeSink {
    @Override
    public void record(SeccompRecord record) {
        if (tally.accept(record) && json != null) {
            json.append(record);
        }
    }

    @Override
    public void loss(LossKind kind, OptionalLong count, OptionalLong millis) {
        tally.loss(kind, count, millis);
    }

    @Override
    public void malformed(MalformedReason reason, long position) {
        tally.malformed(reason, position);
    }
}

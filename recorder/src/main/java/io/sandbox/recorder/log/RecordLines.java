// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LossKind;
import io.sandbox.audit.MalformedReason;
import io.sandbox.audit.SeccompRecord;
import java.util.OptionalLong;

/** Counts all records, and writes the wanted ones as lines of JSON. */
final class RecordLines implements OutcomeSink {
    private final LogTally tally;

    /** Null if no JSON is wanted. */
    private final RecordJson json;

    RecordLines(LogTally tally, RecordJson json) {
        this.tally = tally;
        this.json = json;
    }

    @Override
    public void record(SeccompRecord record) {
        if (tally.accept(record) && json != null) {
            json.append(record);
        }
    }

    @Override
    public void loss(LossKind kind, OptionalLong count) {
        tally.loss(kind, count);
    }

    @Override
    public void malformed(MalformedReason reason, long position) {
        tally.malformed(reason, position);
    }
}

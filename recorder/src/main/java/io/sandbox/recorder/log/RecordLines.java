package io.sandbox.recorder.log;

import io.sandbox.audit.LossKind;
import io.sandbox.audit.MalformedReason;
import io.sandbox.audit.SeccompRecord;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Counts all, and keeps the wanted records as lines of JSON until they are written. */
final class RecordLines implements OutcomeSink {
    private final LogTally tally;

    /** Null if no lines are wanted. */
    private final RecordJson json;

    RecordLines(LogTally tally, boolean wanted) {
        this.tally = tally;
        json = wanted ? new RecordJson() : null;
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

    /**
     * Writes the lines since the last time.
     *
     * @throws OutputException when that fails
     */
    void writeTo(OutputStream out) {
        json.writeTo(out);
    }
}

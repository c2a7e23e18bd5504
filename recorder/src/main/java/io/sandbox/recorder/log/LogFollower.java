// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LineBlocks;
import io.sandbox.audit.LossKind;
import io.sandbox.audit.MalformedReason;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.outcome.OutputException;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Reads a log that grows, and tells an observer of each record and gap as soon as it is there.
 *
 * <p>No option starts a command for a new call. A program chooses the names in its records and how
 * many there are, so an attacker could start commands with names of his choice as often as he
 * wants. A pipe can take the printed lines, and a monitor the metrics.
 */
public final class LogFollower {
    public interface Observer {
        /** {@code isNew}: whether the program made this call for the first time. */
        void record(SeccompRecord record, boolean isNew);

        /** A canary came, which is no record of a program. */
        void canary(SeccompRecord record);

        /**
         * @param what tells what is missing, in words
         * @param lost how many records that is at most; 0 if no number is known
         */
        void gap(String what, long lost);
    }

    private final LogFilter filter;
    private final LogTally tally;
    private final Observer observer;

    public LogFollower(LogFilter filter, Observer observer) {
        this.filter = filter;
        tally = new LogTally(filter);
        this.observer = observer;
    }

    public LogTally tally() {
        return tally;
    }

    private final class Sink implements OutcomeSink {
        @Override
        public void record(SeccompRecord record) {
            if (!tally.accept(record)) {
                return;
            }
            if (ProgramTally.isCanary(record)) {
                observer.canary(record);
            } else {
                observer.record(record, tally.lastIsNew());
            }
        }

        @Override
        public void loss(LossKind kind, OptionalLong count, OptionalLong millis) {
            tally.loss(kind, count, millis);
            LogTally one = new LogTally(filter);
            one.loss(kind, count, millis);
            one.gaps().stream().limit(1).forEach(gap -> observer.gap(gap, one.lost()));
        }

        @Override
        public void malformed(MalformedReason reason, long position) {
            tally.malformed(reason, position);
            observer.gap("a record could not be read: " + reason.text(), 1);
        }
    }

    /**
     * Reads until the source ends, which a followed file never does.
     *
     * @throws OutputException when the observer could not write
     */
    public void follow(LineBlocks.Source source) throws IOException {
        PartReader.readInOrder(new PeekedSource(source), new Sink(), () -> {});
    }
}

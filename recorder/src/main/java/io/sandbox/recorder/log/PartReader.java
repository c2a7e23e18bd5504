// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.JournalExportReader;
import io.sandbox.audit.LineBlocks;
import io.sandbox.audit.LinesOfPart;
import io.sandbox.audit.LogScanner;
import io.sandbox.audit.MalformedReason;
import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecordParser;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Reads logs, or parts of them, with the caller's thread alone. What it needs for reading it keeps
 * from one log to the next, so it is also for many small ones. For one thread.
 */
public final class PartReader {
    private final LogScanner scanner = newScanner();
    private final LineBlocks cutter = new LineBlocks(null);

    /** Allocated at the first use. */
    private byte[] piece;

    private static LogScanner newScanner() {
        try {
            NativeLog.load();
            return new LogScanner(NativeLog::find);
        } catch (LinkageError e) {
            // A machine of a cluster may be of another kind than ours.
            return new LogScanner();
        }
    }

    /**
     * Counts the records of the lines that begin in a part of a log. A log that cannot be read from
     * the middle on, since it is compressed, a journal or an array, belongs to its first part as a
     * whole. What was read before an error counts.
     *
     * @param from the first byte of the part
     * @param to the position after its last byte; {@link Long#MAX_VALUE} for the end of the log
     */
    public void read(LogInput input, long from, long to, LogTally tally) throws IOException {
        tally.startLog(input.name());
        RecordLines lines = new RecordLines(tally, null);
        PeekedSource source = new PeekedSource(input);
        if (input.hasParts() && !source.isReadInOrder()) {
            readPart(input.part(from, to), lines);
        } else if (from == 0 && source.isReadInOrder()) {
            readInOrder(source, lines, () -> {});
        } else if (from == 0) {
            readBlocks(source, () -> 0, lines);
        }
    }

    /** Parses each piece as soon as it is read, while it is in the processor's cache. */
    void readPart(LinesOfPart part, OutcomeSink sink) throws IOException {
        readBlocks(part, part::start, sink);
    }

    private void readBlocks(LineBlocks.Source source, LongSupplier start, OutcomeSink sink)
            throws IOException {
        if (piece == null) {
            piece = new byte[LineBlocks.MAX_LINE];
        }
        cutter.reset(source);
        try {
            for (int n = cutter.fill(piece, true); n >= 0; n = cutter.fill(piece, true)) {
                scan(piece, n, start.getAsLong() + cutter.position(), sink);
            }
        } finally {
            reportTooLong(cutter, start.getAsLong(), sink);
        }
    }

    /** Parses whole lines. */
    void scan(byte[] bytes, int length, long position, OutcomeSink sink) {
        scanner.reset(bytes, 0, length);
        while (scanner.next()) {
            deliver(scanner.parser(), scanner.outcome(), position + scanner.lineStart(), sink);
        }
    }

    static void reportTooLong(LineBlocks cutter, long start, OutcomeSink sink) {
        for (long i = 0; i < cutter.tooLong(); i++) {
            sink.malformed(MalformedReason.LINE_TOO_LONG, start + cutter.tooLongPosition());
        }
    }

    static void deliver(
            SeccompRecordParser parser, ParseOutcome outcome, long position, OutcomeSink sink) {
        switch (outcome) {
            case RECORD -> sink.record(parser.record());
            case LOSS -> sink.loss(parser.lossKind(), parser.lossCount(), parser.lossMillis());
            case MALFORMED -> sink.malformed(parser.malformedReason(), position);
            case NOT_OURS -> {}
        }
    }

    /** Something to do after each line or entry that counts. */
    interface AfterEach {
        void run() throws IOException;
    }

    /** Reads in order, as soon as it comes, each record of a journal once: copies lie anywhere. */
    static void readInOrder(PeekedSource source, OutcomeSink sink, AfterEach after)
            throws IOException {
        JournalCopies copies = new JournalCopies();
        if (source.startsExport()) {
            JournalExportReader reader = new JournalExportReader(source);
            while (reader.next()) {
                if (!copies.isCopy(reader.parser(), reader.outcome())) {
                    deliver(reader.parser(), reader.outcome(), reader.position(), sink);
                    after.run();
                }
            }
            return;
        }
        if (source.startsArray()) {
            sink.malformed(MalformedReason.IN_ARRAY, 0);
        }
        LineBlocks cutter = new LineBlocks(source);
        LogScanner scanner = new LogScanner();
        byte[] block = new byte[LineBlocks.MAX_LINE];
        long tooLong = 0;
        for (int n = cutter.fill(block, true); n >= 0; n = cutter.fill(block, true)) {
            scanner.reset(block, 0, n);
            while (scanner.next()) {
                if (!copies.isCopy(scanner.parser(), scanner.outcome())) {
                    long position = cutter.position() + scanner.lineStart();
                    deliver(scanner.parser(), scanner.outcome(), position, sink);
                    after.run();
                }
            }
            for (; tooLong < cutter.tooLong(); tooLong++) {
                sink.malformed(MalformedReason.LINE_TOO_LONG, cutter.position());
            }
        }
    }
}

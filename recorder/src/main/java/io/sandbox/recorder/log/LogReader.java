// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LineBlocks;
import io.sandbox.audit.LinesOfPart;
import io.sandbox.outcome.OutputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads logs, counts their records, and writes these as JSON if asked to.
 *
 * <p>Approach: one thread for each processor reads and parses parts of a file. The caller's thread
 * reads compressed logs and streams, and cuts them into blocks of whole lines, which those threads
 * parse. The caller's thread alone parses a log of one block. Memory holds only a few blocks.
 */
public final class LogReader implements Closeable {
    /** Told about the progress of reading. */
    public interface Progress {
        /** {@code bytes}: how many bytes of all logs were read, counted before decompression. */
        void reached(long bytes);
    }

    private static final int BLOCK = LineBlocks.MAX_LINE;

    /** How long to wait for a parser before checking that its thread still lives. */
    private static final int LOOK_MILLIS = 500;

    private final LogFilter filter;
    private final boolean byHost;
    private final OutputStream records;
    private final Progress progress;
    private final ThreadFactory factory;
    private final Queue<Counter> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Counter> counters = new ConcurrentLinkedQueue<>();
    private final Deque<Block> free = new ArrayDeque<>();
    private final Deque<Future<Block>> inWork = new ArrayDeque<>();
    private final LogTally direct;
    private IOException trouble;
    private int blocks;
    private ExecutorService threads;
    private long packedBefore;

    /** Why a parser's thread died outside of its task; null if none has. */
    private volatile Throwable death;

    /** {@code records}: where to write the JSON; null for nowhere. */
    public LogReader(LogFilter filter, OutputStream records, Progress progress) {
        this(filter, false, records, progress, Thread::new);
    }

    /** Only counts records; {@code byHost} as in {@link LogTally}. */
    public LogReader(LogFilter filter, boolean byHost) {
        this(filter, byHost, null, bytes -> {}, Thread::new);
    }

    LogReader(
            LogFilter filter,
            boolean byHost,
            OutputStream records,
            Progress progress,
            ThreadFactory factory) {
        this.filter = filter;
        this.byHost = byHost;
        this.factory = factory;
        this.records = records;
        this.progress = progress;
        direct = new LogTally(filter, byHost);
    }

    /** Parses and counts blocks. For one thread at a time. */
    private final class Counter {
        private final PartReader reader = new PartReader();
        private final LogTally tally = new LogTally(filter, byHost);

        Counter() {
            counters.add(this);
        }

        void count(Block block) {
            RecordLines lines = new RecordLines(tally, block.json);
            tally.startLog(block.log);
            if (block.part == null) {
                reader.scan(block.bytes, block.length, block.position, lines);
                return;
            }
            try {
                reader.readPart(block.part, lines);
            } catch (IOException e) {
                block.trouble = e;
            }
        }
    }

    /** Lines that were read, or a part of a file with lines to read; and their JSON. */
    private final class Block {
        private final RecordJson json = newJson();

        /** Allocated at the first use; a part does not need it. */
        private byte[] bytes;

        private int length;
        private long position;
        private String log = "";

        /** Null if the lines were already read. */
        private LinesOfPart part;

        /** The error that ended the reading of a part. */
        private IOException trouble;

        Block parse() {
            Counter counter = idle.poll();
            if (counter == null) {
                counter = new Counter();
            }
            counter.count(this);
            idle.add(counter);
            return this;
        }
    }

    /** Null if no records are to be written. */
    private RecordJson newJson() {
        return records == null ? null : new RecordJson();
    }

    /**
     * Reads one log to its end. What was read before an error counts.
     *
     * @throws OutputException when the records cannot be written
     * @throws IllegalStateException if a parser failed; then all counts are useless
     */
    public void read(LogInput input) throws IOException {
        trouble = null;
        direct.startLog(input.name());
        try {
            PeekedSource source = new PeekedSource(input);
            if (source.isReadInOrder()) {
                RecordJson json = newJson();
                PartReader.readInOrder(source, new RecordLines(direct, json), () -> write(json));
            } else if (input.hasParts()) {
                readParts(input);
            } else {
                readBlocks(input, source);
            }
        } finally {
            while (!inWork.isEmpty()) {
                finishOldest();
            }
            packedBefore += input.hasParts() ? input.size() : input.packedRead();
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    private void readParts(LogInput input) throws IOException {
        long size = input.size();
        long from = 0;
        do {
            long to = from + BLOCK;
            Block block = take();
            // The last part includes lines that are written while we read.
            block.part = input.part(from, to < size ? to : Long.MAX_VALUE);
            block.log = input.name();
            // The first part is parsed alone: until Java has compiled the parser, several threads
            // would only delay the compiler.
            if (from == 0) {
                finish(block.parse());
            } else {
                hand(block);
            }
            progress.reached(packedBefore + from);
            from = to;
        } while (from < size);
    }

    private void readBlocks(LogInput input, LineBlocks.Source source) throws IOException {
        LineBlocks cutter = new LineBlocks(source);
        Block last = null;
        try {
            Block block = next(cutter, input);
            while (block != null) {
                if (last != null) {
                    hand(last);
                }
                last = block;
                block = next(cutter, input);
            }
        } finally {
            if (last != null && inWork.isEmpty()) {
                finish(last.parse());
            } else if (last != null) {
                hand(last);
            }
            PartReader.reportTooLong(cutter, 0, direct);
        }
    }

    /** The next block of the log, or null at its end. */
    private Block next(LineBlocks cutter, LogInput input) throws IOException {
        Block block = take();
        block.part = null;
        block.length = -1;
        if (block.bytes == null) {
            block.bytes = new byte[BLOCK];
        }
        try {
            block.length = cutter.fill(block.bytes, false);
        } finally {
            if (block.length < 0) {
                free.add(block);
            }
        }
        block.position = cutter.position();
        block.log = input.name();
        progress.reached(packedBefore + input.packedRead());
        return block.length < 0 ? null : block;
    }

    private Block take() {
        if (free.isEmpty() && blocks > processors() + 1) {
            finishOldest();
        }
        if (!free.isEmpty()) {
            return free.remove();
        }
        blocks++;
        return new Block();
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private void hand(Block block) {
        if (threads == null) {
            threads = Executors.newFixedThreadPool(processors(), this::newParser);
        }
        inWork.add(threads.submit(block::parse));
    }

    /** Notes a thread's death outside of its task (no memory), lest the caller waits for ever. */
    private Thread newParser(Runnable tasks) {
        Thread thread = factory.newThread(tasks);
        thread.setName("parser");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((dead, why) -> death = why);
        return thread;
    }

    private void finishOldest() {
        Future<Block> oldest = inWork.remove();
        while (true) {
            try {
                finish(oldest.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
                return;
            } catch (TimeoutException e) {
                if (death != null) {
                    throw new IllegalStateException("a parser died", death);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a parser failed", e.getCause());
            }
        }
    }

    private void finish(Block block) {
        write(block.json);
        trouble = trouble == null ? block.trouble : trouble;
        block.trouble = null;
        free.add(block);
    }

    private void write(RecordJson json) {
        if (json != null) {
            json.writeTo(records);
        }
    }

    public LogTally tally() {
        LogTally all = new LogTally(filter, byHost);
        all.addAll(direct);
        counters.forEach(counter -> all.addAll(counter.tally));
        return all;
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}

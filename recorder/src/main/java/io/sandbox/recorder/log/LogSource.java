// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The place of a log: a file, standard input or the journal. */
public final class LogSource {
    /** The usual argument for standard input. */
    private static final Path STANDARD_INPUT = Path.of("-");

    private final Path file;
    private final boolean journal;
    private final long sinceMillis;

    private LogSource(Path file, boolean journal, long sinceMillis) {
        this.file = file;
        this.journal = journal;
        this.sinceMillis = sinceMillis;
    }

    /**
     * @param file {@code -} for standard input
     */
    public static LogSource of(Path file) {
        return new LogSource(file, false, Long.MIN_VALUE);
    }

    public static LogSource standardInput() {
        return of(STANDARD_INPUT);
    }

    /**
     * @param sinceMillis older entries may be left out; {@link Long#MIN_VALUE} to get all
     */
    public static LogSource journal(long sinceMillis) {
        return new LogSource(STANDARD_INPUT, true, sinceMillis);
    }

    /** The name in messages. */
    public String name() {
        return journal
                ? JournalProcess.NAME
                : isStandardInput() ? "standard input" : file.toString();
    }

    private boolean isStandardInput() {
        return file.equals(STANDARD_INPUT);
    }

    /** The size in bytes, before decompression; 0 if unknown. */
    public long size() {
        return isStandardInput() || !Files.isRegularFile(file) ? 0 : file.toFile().length();
    }

    /** Reads the log to its end. */
    public void readWith(LogReader reader) throws IOException {
        if (journal) {
            try (JournalProcess process = JournalProcess.start(false, sinceMillis);
                    LogInput input = LogInput.of(name(), process.output())) {
                reader.read(input);
                process.check();
            }
            return;
        }
        try (LogInput input = isStandardInput() ? LogInput.standardInput() : LogInput.open(file)) {
            reader.read(input);
        }
    }

    /**
     * Reads the log, and what is added to it later. Standard input ends when its writer closes it.
     */
    public void followWith(LogFollower follower) throws IOException {
        if (journal) {
            try (JournalProcess process = JournalProcess.start(true, sinceMillis)) {
                follower.follow(process.output()::read);
                process.check();
            }
        } else if (isStandardInput()) {
            try (LogInput input = LogInput.standardInput()) {
                follower.follow(input);
            }
        } else {
            try (FollowedFile followed = new FollowedFile(file)) {
                follower.follow(followed);
            }
        }
    }
}

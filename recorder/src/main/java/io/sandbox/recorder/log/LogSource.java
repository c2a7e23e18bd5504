// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The place of a log: a file, standard input, the journal or the kernel's buffer. */
public final class LogSource {
    /** Where auditd writes, unless it was told otherwise. */
    public static final Path AUDIT_LOG = Path.of("/var/log/audit/audit.log");

    /** The usual argument for standard input. */
    private static final Path STANDARD_INPUT = Path.of("-");

    private enum Kind {
        FILE,
        JOURNAL,
        KERNEL
    }

    private final Path file;
    private final Kind kind;
    private final long sinceMillis;

    private LogSource(Path file, Kind kind, long sinceMillis) {
        this.file = file;
        this.kind = kind;
        this.sinceMillis = sinceMillis;
    }

    /** {@code file}: {@code -} for standard input. */
    public static LogSource of(Path file) {
        return new LogSource(file, Kind.FILE, Long.MIN_VALUE);
    }

    public static LogSource standardInput() {
        return of(STANDARD_INPUT);
    }

    /** {@code sinceMillis}: older entries may be left out; {@link Long#MIN_VALUE} to get all. */
    public static LogSource journal(long sinceMillis) {
        return new LogSource(Path.of("journal"), Kind.JOURNAL, sinceMillis);
    }

    /** What the kernel has in its buffer now. */
    public static LogSource kernel() {
        return new LogSource(Path.of("kernel log"), Kind.KERNEL, Long.MIN_VALUE);
    }

    /** The name in messages. */
    public String name() {
        return isStandardInput() ? "standard input" : file.toString();
    }

    private boolean isStandardInput() {
        return file.equals(STANDARD_INPUT);
    }

    /** The size in bytes, before decompression; 0 if unknown. */
    public long size() {
        return isStandardInput() || !Files.isRegularFile(file) ? 0 : file.toFile().length();
    }

    public void readWith(LogReader reader) throws IOException {
        if (kind != Kind.FILE) {
            try (JournalProcess process =
                            kind == Kind.KERNEL
                                    ? JournalProcess.ofKernel()
                                    : JournalProcess.start(false, sinceMillis);
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

    /** Reads the log, and what is added later. Standard input ends with its writer. */
    public void followWith(LogFollower follower) throws IOException {
        if (kind == Kind.JOURNAL) {
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

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.outcome.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * While open, lifts the kernel's limit on printed lines ({@code kernel.printk_ratelimit}, by
 * default 10 lines in 5 seconds). Closing restores the old value.
 *
 * <p>The old value is kept in a note on disk. All recordings that run at the same time share the
 * note by file locks: the last one restores. A recording that was killed leaves the note, and the
 * next one restores from it.
 */
public final class PrintkLimit implements AutoCloseable {
    private static final Path SETTING = Path.of("/proc/sys/kernel/printk_ratelimit");
    private static final Path NOTE = Path.of("/run/sandbox/printk_ratelimit");

    private final Path setting;
    private final FileChannel note;
    private FileLock inUse;
    private boolean lifted;

    private PrintkLimit(Path setting, FileChannel note) {
        this.setting = setting;
        this.note = note;
    }

    /**
     * Lifts the limit.
     *
     * @throws SourceException if we may not change the limit; then it is unchanged
     * @throws IllegalStateException if Java is ending; then it is unchanged too
     */
    public static PrintkLimit lift() {
        return lift(SETTING, NOTE);
    }

    static PrintkLimit lift(Path setting, Path notePath) {
        try {
            Files.createDirectories(notePath.getParent(), onlyForUs("rwx------"));
            FileChannel note =
                    FileChannel.open(
                            notePath,
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    LinkOption.NOFOLLOW_LINKS),
                            onlyForUs("rw-------"));
            PrintkLimit limit = new PrintkLimit(setting, note);
            // Restores the value also after Ctrl-C before the target runs, and after a SIGTERM.
            // It is there first: once Java is ending, no hook can be added.
            Runtime.getRuntime().addShutdownHook(new Thread(limit::close));
            try {
                limit.acquire();
            } catch (IOException e) {
                limit.close();
                throw e;
            }
            return limit;
        } catch (IOException e) {
            throw new SourceException(
                    "kmsg: cannot lift kernel.printk_ratelimit: "
                            + FileFailure.reason(e)
                            + " (try as root, or leave the limit as it is)");
        }
    }

    private static FileAttribute<?> onlyForUs(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private synchronized void acquire() throws IOException {
        while (true) {
            // With the lock to ourselves, no other recording has lifted the limit. So the current
            // value is the old one, unless a killed recording left a note.
            try (FileLock alone = note.tryLock()) {
                if (alone != null && readNote().isEmpty()) {
                    writeNote(readSetting());
                }
            }
            inUse = note.lock(0, Long.MAX_VALUE, true);
            if (!readNote().isEmpty()) {
                Files.writeString(setting, "0\n");
                lifted = true;
                return;
            }
            // Between the two locks the last other user restored the value, so we begin again.
            inUse.release();
        }
    }

    /** Puts the old value back if no other recording needs the limit lifted. */
    @Override
    public synchronized void close() {
        try (note) {
            if (lifted) {
                lifted = false;
                restore();
            }
        } catch (IOException e) {
            throw new SourceException(
                    "kmsg: cannot restore kernel.printk_ratelimit: " + FileFailure.reason(e));
        }
    }

    private void restore() throws IOException {
        inUse.release();
        try (FileLock alone = note.tryLock()) {
            if (alone != null) {
                Files.writeString(setting, readNote() + "\n");
                writeNote("");
            }
        }
    }

    /** Reads once, since the kernel returns an integer setting only to a read from its start. */
    private String readSetting() throws IOException {
        byte[] text = new byte[32];
        try (InputStream in = Files.newInputStream(setting)) {
            return new String(text, 0, in.read(text), StandardCharsets.US_ASCII).strip();
        }
    }

    private String readNote() throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        note.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    private void writeNote(String text) throws IOException {
        note.truncate(0);
        note.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
        note.force(false);
    }
}

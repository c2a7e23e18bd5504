// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program prints of a log: {@code journalctl -o export} the journal's entries of the kernel
 * and of audit, and {@code dmesg --kernel} the kernel's own messages.
 */
final class JournalProcess implements Closeable {
    private final String name;
    private final Process process;

    private JournalProcess(List<String> command) throws IOException {
        name = command.get(0);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        process = builder.start();
    }

    /** Throws {@link IOException} if dmesg cannot be started. */
    static JournalProcess ofKernel() throws IOException {
        return new JournalProcess(List.of("dmesg", "--kernel"));
    }

    /**
     * @param sinceMillis older entries may be left out; {@link Long#MIN_VALUE} to get all
     * @throws IOException if journalctl cannot be started
     */
    static JournalProcess start(boolean follow, long sinceMillis) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("journalctl", "--output=export", "--no-pager", "--quiet", "--all"));
        if (follow) {
            command.addAll(List.of("--follow", "--no-tail"));
        }
        if (sinceMillis > 0) {
            command.add("--since=@" + sinceMillis / 1000);
        }
        command.addAll(List.of("_TRANSPORT=audit", "+", "_TRANSPORT=kernel"));
        return new JournalProcess(command);
    }

    InputStream output() {
        return process.getInputStream();
    }

    /**
     * Waits for the end of the program.
     *
     * @throws IOException if it failed; its message is on standard error
     */
    void check() throws IOException {
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(name + " ended with status " + status);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}

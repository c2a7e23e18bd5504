// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The journal's entries of the kernel and of audit, through {@code journalctl -o export}. */
final class JournalProcess implements Closeable {
    /** The name in messages. */
    static final String NAME = "journal";

    private final Process process;

    private JournalProcess(Process process) {
        this.process = process;
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
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return new JournalProcess(builder.start());
    }

    InputStream output() {
        return process.getInputStream();
    }

    /**
     * Waits for the end of journalctl.
     *
     * @throws IOException if it failed; its message is on standard error
     */
    void check() throws IOException {
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException("journalctl ended with status " + status);
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

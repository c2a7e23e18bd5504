// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import io.sandbox.enforcer.launch.file.ResultFile;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.outcome.OutputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The destination of a result: standard output, or a file that gets the whole result or nothing
 * ({@link ResultFile}). It is opened before the program runs, so that problems are known before
 * there is a result to lose.
 */
public final class ResultOutput implements AutoCloseable {
    /** Null for standard output, like {@link #file}. */
    private final String name;

    private final ResultFile file;

    private interface Opening {
        ResultFile open(Path file) throws IOException;
    }

    private ResultOutput(String name, ResultFile file) {
        this.name = name;
        this.file = file;
    }

    /**
     * @param file null for standard output
     * @throws CommandFailure if it cannot be written
     */
    public static ResultOutput open(Path file) {
        if (file == null) {
            return new ResultOutput(null, null);
        }
        if (file.toString().equals("-")) {
            throw CommandFailure.ownFailure(
                    "-: not the name of a file (without the option, the result goes to standard"
                            + " output)");
        }
        return opened(file, ResultFile::open);
    }

    private static ResultOutput opened(Path file, Opening how) {
        try {
            return new ResultOutput(file.toString(), how.open(file));
        } catch (IOException e) {
            throw failure(file.toString(), e);
        }
    }

    /** As {@link #open}; null without a file. */
    public static ResultOutput openIfGiven(Path file) {
        return file == null ? null : open(file);
    }

    /** Opens a file that nobody else may read. Throws {@link CommandFailure} if that fails. */
    public static ResultOutput openPrivate(Path file) {
        return opened(file, ResultFile::openPrivate);
    }

    /** Opens a file in a shutdown hook of Java. Throws {@link CommandFailure} if that fails. */
    public static ResultOutput openAtEnd(Path file) {
        return opened(file, ResultFile::openAtEnd);
    }

    /**
     * Writes the whole result. Call it once.
     *
     * @throws OutputException if writing to standard output fails
     * @throws CommandFailure if the file cannot be written
     */
    public void write(byte[] result) {
        if (name == null) {
            new StandardOutput().write(result);
            return;
        }
        try {
            file.write(result);
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    public void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes the changed content of a file. Call it once.
     *
     * @param madeFrom the content that the file must still have
     * @throws CommandFailure if the file cannot be written, or has other content now
     */
    public void update(byte[] madeFrom, byte[] result) {
        try {
            file.write(result, madeFrom);
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    private static CommandFailure failure(String name, IOException e) {
        return CommandFailure.ownFailure(
                name + ": cannot write the result: " + FileFailure.reason(e));
    }

    /** Removes the new file if it was not completed. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.output;

import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.launch.FileFailure;
import io.sandbox.enforcer.launch.OutputException;
import io.sandbox.enforcer.launch.file.ResultFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a result goes: standard output, or a file that appears whole or not at all ({@link
 * ResultFile}). It is opened before the program runs, so that what cannot be written is known
 * before there is anything to lose.
 */
public final class ResultOutput implements AutoCloseable {
    /** Null for standard output, as is {@link #file}. */
    private final String name;

    private final ResultFile file;

    private ResultOutput(String name, ResultFile file) {
        this.name = name;
        this.file = file;
    }

    /**
     * @param file null for standard output
     * @throws CommandFailure when it cannot be written
     */
    public static ResultOutput open(Path file) {
        if (file == null) {
            return new ResultOutput(null, null);
        }
        String name = file.toString();
        if (name.equals("-")) {
            throw CommandFailure.ownFailure(
                    "-: not the name of a file (without the option, the result goes to standard"
                            + " output)");
        }
        try {
            return new ResultOutput(name, ResultFile.open(file));
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    /**
     * All of the result, once.
     *
     * @throws OutputException when that is standard output and fails
     * @throws CommandFailure when a file cannot be written
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

    /**
     * A changed file, once.
     *
     * @param madeFrom what the file must still hold
     * @throws CommandFailure when it cannot be written, or holds something else
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

    /** Leaves nothing behind of a result that was not written. */
    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}

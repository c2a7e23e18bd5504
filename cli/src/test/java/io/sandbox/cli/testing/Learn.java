// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Runs the real {@code sandbox learn}. */
public final class Learn {
    private Learn() {}

    /** The command with the words of this line: see {@link Words}. */
    public static Child command(String line, Object... values) {
        return Child.of("sandbox learn " + line, values);
    }

    /** Words before a command that make it run as the user nobody. */
    public static List<String> nobody() {
        return Words.of(
                "%s --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all",
                LiveKernel.requireProgram("setpriv"));
    }

    /** Opens the folder for other users. */
    public static void open(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
}

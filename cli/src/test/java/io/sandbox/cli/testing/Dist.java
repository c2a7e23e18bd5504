// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder with everything that ships, made by {@code scripts/build}. */
public final class Dist {
    /** Set another folder by -Dsandbox.dist=FOLDER. Tests run in the folder of their module. */
    private static final Path FOLDER =
            Path.of(System.getProperty("sandbox.dist", "../target/dist"))
                    .toAbsolutePath()
                    .normalize();

    public static Path command(String name) {
        return file(name);
    }

    public static Path learn() {
        return file("sandbox-learn");
    }

    public static Path library() {
        return file("libsandbox.so");
    }

    private static Path file(String name) {
        Path file = FOLDER.resolve(name);
        if (!Files.exists(file)) {
            fail(file + " is missing: run scripts/build");
        }
        return file;
    }
}

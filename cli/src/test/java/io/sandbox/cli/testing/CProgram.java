// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import io.sandbox.text.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compiles the C programs of the tests. Options are the words of a line, which may be empty. */
public final class CProgram {
    /** Compiles {@code NAME.c} to {@code folder/NAME}. */
    public static Path compile(String name, Path folder) throws IOException, InterruptedException {
        return compileWith("gcc", name, folder, "");
    }

    public static Path compileWith(String compiler, String name, Path folder, String options)
            throws IOException, InterruptedException {
        Path program = folder.resolve(name);
        Child.of(
                        "%s -O1 -Wall -Werror -o %s %s " + options,
                        LiveKernel.requireProgram(compiler),
                        program,
                        source(name, folder))
                .run()
                .assertStatus(0);
        return program;
    }

    private static Path source(String name, Path folder) throws IOException {
        String file = name + ".c";
        return Files.writeString(folder.resolve(file), Shipped.text(CProgram.class, file));
    }
}

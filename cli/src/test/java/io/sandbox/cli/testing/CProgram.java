// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiles the C programs of the tests. */
public final class CProgram {
    private CProgram() {}

    /** Compiles {@code NAME.c} to {@code folder/NAME}. */
    public static Path compile(String name, Path folder, String... options)
            throws IOException, InterruptedException {
        return compileWith("gcc", name, folder, options);
    }

    public static Path compileWith(String compiler, String name, Path folder, String... options)
            throws IOException, InterruptedException {
        Finished compiled = tryCompile(compiler, name, folder, options);
        assertEquals(0, compiled.status(), compiled::err);
        return folder.resolve(name);
    }

    /** Tries to compile with options that the compiler may lack, such as -m32. */
    public static Finished tryCompile(String compiler, String name, Path folder, String... options)
            throws IOException, InterruptedException {
        Path source = folder.resolve(name + ".c");
        try (InputStream in = CProgram.class.getResourceAsStream(name + ".c")) {
            Files.write(source, in.readAllBytes());
        }
        List<String> words =
                new ArrayList<>(List.of(LiveKernel.requireProgram(compiler).toString()));
        words.addAll(
                List.of(
                        "-O1",
                        "-Wall",
                        "-Werror",
                        "-o",
                        folder.resolve(name).toString(),
                        source.toString()));
        words.addAll(List.of(options));
        return Child.of(words).run();
    }
}

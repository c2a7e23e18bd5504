// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compiles the C programs of the tests. Options are the words of a line, which may be empty. */
public final class CProgram {
    private CProgram() {}

    /** Compiles {@code NAME.c} to {@code folder/NAME}. */
    public static Path compile(String name, Path folder) throws IOException, InterruptedException {
        return compile(name, folder, "");
    }

    public static Path compile(String name, Path folder, String options)
            throws IOException, InterruptedException {
        return compileWith("gcc", name, folder, options);
    }

    public static Path compileWith(String compiler, String name, Path folder, String options)
            throws IOException, InterruptedException {
        tryCompile(compiler, name, folder, options).assertStatus(0);
        return folder.resolve(name);
    }

    /** Compiles for aarch64, with what {@code scripts/setup test} unpacks. */
    public static Path compileForArm64(String name, Path folder, String options)
            throws IOException, InterruptedException {
        Path tools = Path.of("../target/tools/arm64").toAbsolutePath().normalize();
        Path compiler = tools.resolve("usr/bin/aarch64-linux-gnu-gcc");
        LiveKernel.require(Files.isExecutable(compiler), "needs scripts/setup test");
        Path program = folder.resolve(name);
        Child.of(
                        "%s --sysroot=%s -O1 -o %s %s " + options,
                        compiler,
                        tools,
                        program,
                        source(name, folder))
                .with("LD_LIBRARY_PATH", tools + "/usr/lib/x86_64-linux-gnu")
                .run()
                .assertStatus(0);
        return program;
    }

    private static Path source(String name, Path folder) throws IOException {
        Path source = folder.resolve(name + ".c");
        try (InputStream in = CProgram.class.getResourceAsStream(name + ".c")) {
            return Files.write(source, in.readAllBytes());
        }
    }

    /** Tries to compile with options that the compiler may lack, such as -m32. */
    public static Finished tryCompile(String compiler, String name, Path folder, String options)
            throws IOException, InterruptedException {
        return Child.of(
                        "%s -O1 -Wall -Werror -o %s %s " + options,
                        LiveKernel.requireProgram(compiler),
                        folder.resolve(name),
                        source(name, folder))
                .run();
    }
}

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

    /** Compiles for aarch64, with what {@code scripts/setup test} unpacks. */
    public static Path compileForArm64(String name, Path folder, String... options)
            throws IOException, InterruptedException {
        Path tools = Path.of("../target/tools/arm64").toAbsolutePath().normalize();
        Path compiler = tools.resolve("usr/bin/aarch64-linux-gnu-gcc");
        LiveKernel.require(Files.isExecutable(compiler), "needs scripts/setup test");
        List<String> words =
                new ArrayList<>(List.of(compiler.toString(), "--sysroot=" + tools, "-O1"));
        words.addAll(List.of("-o", folder.resolve(name).toString(), source(name, folder)));
        words.addAll(List.of(options));
        Finished compiled =
                Child.of(words).with("LD_LIBRARY_PATH", tools + "/usr/lib/x86_64-linux-gnu").run();
        assertEquals(0, compiled.status(), compiled::err);
        return folder.resolve(name);
    }

    private static String source(String name, Path folder) throws IOException {
        Path source = folder.resolve(name + ".c");
        try (InputStream in = CProgram.class.getResourceAsStream(name + ".c")) {
            Files.write(source, in.readAllBytes());
        }
        return source.toString();
    }

    /** Tries to compile with options that the compiler may lack, such as -m32. */
    public static Finished tryCompile(String compiler, String name, Path folder, String... options)
            throws IOException, InterruptedException {
        String source = source(name, folder);
        List<String> words =
                new ArrayList<>(List.of(LiveKernel.requireProgram(compiler).toString()));
        words.addAll(
                List.of("-O1", "-Wall", "-Werror", "-o", folder.resolve(name).toString(), source));
        words.addAll(List.of(options));
        return Child.of(words).run();
    }
}

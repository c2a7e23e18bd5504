// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command to run. Its three streams are files, so a process that it leaves behind blocks no
 * reader, and programs that distinguish pipes and terminals always behave the same.
 */
public final class Child {
    /** Only detects a hang: no test depends on a duration. */
    private static final long PATIENCE_SECONDS = 180;

    private final List<String> words;
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = {};
    private Path folder = Path.of(".");

    private Child(List<String> words) {
        this.words = List.copyOf(words);
    }

    public static Child of(List<String> words) {
        return new Child(words);
    }

    /** The command of this line and these values: see {@link Words}. */
    public static Child of(String line, Object... values) {
        return new Child(Words.of(line, values));
    }

    public Child with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public Child with(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    public Child input(byte[] bytes) {
        input = bytes;
        return this;
    }

    public Child in(Path workingFolder) {
        folder = workingFolder;
        return this;
    }

    public Finished run() throws IOException, InterruptedException {
        try (Running running = start()) {
            return running.await();
        }
    }

    public Running start() throws IOException {
        Path streams = Files.createTempDirectory("sandbox-it");
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectInput(Files.write(streams.resolve("in"), input).toFile())
                        .redirectOutput(streams.resolve("out").toFile())
                        .redirectError(streams.resolve("err").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("SECCOMP_") || name.startsWith("LD_"));
        builder.environment().putAll(environment);
        return new Running(builder.start(), streams);
    }

    /** A started command; closing it kills it if need be and removes its streams' files. */
    public static final class Running implements AutoCloseable {
        private final Process process;
        private final Path streams;

        private Running(Process process, Path streams) {
            this.process = process;
            this.streams = streams;
        }

        public String out() throws IOException {
            return Files.readString(streams.resolve("out"), ISO_8859_1);
        }

        public String err() throws IOException {
            return Files.readString(streams.resolve("err"), ISO_8859_1);
        }

        public Finished await() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "hangs: " + process.info().commandLine().orElse("?") + "\n" + err());
            }
            return new Finished(process.exitValue(), out(), err());
        }

        @Override
        public void close() throws IOException {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            for (String stream : List.of("in", "out", "err")) {
                Files.deleteIfExists(streams.resolve(stream));
            }
            Files.deleteIfExists(streams);
        }
    }
}

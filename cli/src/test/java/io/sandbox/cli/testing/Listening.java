// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Runs {@code sandbox listen}, and gives the commands that hand programs over to it. */
public final class Listening implements AutoCloseable {
    private final Path socket;
    private final Child.Running running;

    private Listening(Path socket, Child.Running running) {
        this.socket = socket;
        this.running = running;
    }

    /**
     * Starts sandbox listen and waits until it listens.
     *
     * @param folder where a private folder for the socket is made
     */
    public static Listening in(Path folder, String line, Object... values) throws Exception {
        Path own =
                Files.createTempDirectory(
                        folder,
                        "private",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Path socket = own.resolve("socket");
        List<String> options = Words.of(line, values);
        Listening listening =
                new Listening(socket, Child.of("sandbox listen %s %s", socket, options).start());
        Until.exists(socket);
        return listening;
    }

    public Path socket() {
        return socket;
    }

    /** The running sandbox listen; its child process is Java. */
    public Child.Running running() {
        return running;
    }

    /** The command that runs a program and hands it over. */
    public List<String> handOver(String name, String line, Object... values) {
        return Words.of(
                "sandbox-exec --hand-over %s --name %s -- %s",
                socket, name, Words.of(line, values));
    }

    /** Starts a shell script and hands it over; returns once it has printed what uname does. */
    public Child.Running start(String script) throws Exception {
        Child.Running program = Child.of(handOver("long", "/bin/sh -c %s", script)).start();
        Until.holds("it works", () -> program.out().contains("Linux"));
        return program;
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}

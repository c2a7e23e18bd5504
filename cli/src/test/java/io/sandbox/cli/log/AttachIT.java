// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No process of the same user can load code into our Java by its attach mechanism: after SIGQUIT,
 * Java would open a socket if it finds a file {@code .attach_pidPID}.
 */
final class AttachIT {
    private static final String OPTION = "-XX:+DisableAttachMechanism";

    @TempDir private Path folder;

    @Test
    void everyCommand_startsJavaWithoutIt() throws Exception {
        List<Path> with = new ArrayList<>();
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(Dist.command("sandbox-log").getParent())) {
            for (Path file : files.filter(file -> file.toString().endsWith(".options")).toList()) {
                all.add(file);
                if (Files.readAllLines(file).contains(OPTION)) {
                    with.add(file);
                }
            }
        }
        assertFalse(all.isEmpty());
        assertEquals(all, with);
    }

    @Test
    void java_opensNoSocketForAnotherProcess() throws Exception {
        LiveKernel.requireRootUser();
        Path log = Files.createFile(folder.resolve("log"));
        Path printed = folder.resolve("printed");
        Process java =
                new ProcessBuilder(
                                Dist.command("sandbox-log").toString(), "--follow", log.toString())
                        .directory(folder.toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(printed.toFile())
                        .start();
        Path socket = Path.of("/tmp/.java_pid" + java.pid());
        try {
            awaitJava(java);
            Files.createFile(folder.resolve(".attach_pid" + java.pid()));
            new ProcessBuilder("kill", "-QUIT", Long.toString(java.pid())).start().waitFor();
            // Without the mechanism, Java takes the signal for a wish to see its threads.
            while (!Files.exists(socket)
                    && !Files.readString(printed).contains("Full thread dump")
                    && java.isAlive()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertFalse(Files.exists(socket));
            assertTrue(java.isAlive(), () -> read(printed));
        } finally {
            java.destroyForcibly().waitFor();
            Files.deleteIfExists(socket);
        }
    }

    /** Before Java has its handler, SIGQUIT would end it. */
    private static void awaitJava(Process java) throws Exception {
        Path threads = Path.of("/proc", Long.toString(java.pid()), "task");
        while (java.isAlive() && !hasThread(threads, "Signal Dispatch")) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static boolean hasThread(Path threads, String name) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            return all.anyMatch(thread -> read(thread.resolve("comm")).startsWith(name));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import io.sandbox.fleet.Fleet;
import io.sandbox.outcome.CommandFailure;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Has an installed Spark read a fleet, by a program that needs no command of ours. */
final class SparkSubmit {
    private static final String NAME = "spark-submit";
    private static final String MAIN_JAR = "fleet-spark.jar";

    /** By its name only: the module is built on demand. */
    private static final String MAIN_CLASS = "io.sandbox.fleet.spark.ReadFleet";

    /** Spark has its own of the second, and there can be only one. */
    private static final Set<String> NOT_SENT = Set.of("cli.jar", "zstd-jni.jar", MAIN_JAR);

    /** {@code words}: what the program gets behind the name of the file that it writes. */
    static Fleet read(String master, List<String> settings, List<String> words) {
        Path home = Path.of(System.getProperty("sandbox.home"));
        Path jar = home.resolve(MAIN_JAR);
        if (!Files.exists(jar)) {
            throw CommandFailure.ownFailure(
                    "--spark: " + jar + " is not there: build with scripts/build --spark");
        }
        List<String> command = new ArrayList<>();
        command.addAll(List.of(program().toString(), "--master", master));
        command.addAll(List.of("--name", "sandbox-fleet", "--class", MAIN_CLASS));
        command.addAll(List.of("--jars", jars(home)));
        command.addAll(List.of("--files", home.resolve("libsandbox-java.so").toString()));
        command.addAll(List.of("--driver-java-options", "-Dsandbox.home=" + home));
        command.addAll(List.of("--conf", "spark.log.level=WARN"));
        settings.forEach(setting -> command.addAll(List.of("--conf", setting)));
        command.add(jar.toString());
        try {
            return new Submission().read(command, words);
        } catch (IOException | ClassNotFoundException e) {
            throw CommandFailure.ownFailure("--spark: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Ends with us: it would run on after a signal that only we get, and go on printing. */
    private static final class Submission {
        private Path file;
        private Process process;
        private boolean over;

        Submission() {
            // It is there first: once Java is ending, no hook can be added.
            Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        }

        Fleet read(List<String> command, List<String> words)
                throws IOException, InterruptedException, ClassNotFoundException {
            int status = start(command, words).waitFor();
            if (status != 0) {
                throw new IOException("spark-submit ended with status " + status);
            }
            try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
                return (Fleet) in.readObject();
            }
        }

        private synchronized Process start(List<String> command, List<String> words)
                throws IOException {
            if (over) {
                throw new IOException("interrupted");
            }
            file = Files.createTempFile("sandbox-fleet", "");
            command.add(file.toString());
            command.addAll(words);
            process = new ProcessBuilder(command).inheritIO().start();
            return process;
        }

        private synchronized void end() {
            over = true;
            if (process != null) {
                process.destroy();
            }
            try {
                if (file != null) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                // The folder of temporary files is cleared by others too.
            }
        }
    }

    private static Path program() {
        return Optional.ofNullable(System.getenv("SPARK_HOME"))
                .map(home -> Path.of(home, "bin"))
                .map(Stream::of)
                .orElseGet(SparkSubmit::foldersOfPath)
                .map(folder -> folder.resolve(NAME))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () ->
                                CommandFailure.ownFailure(
                                        "--spark: no spark-submit found: unpack Spark 4 (from"
                                                + " spark.apache.org) and set SPARK_HOME to its"
                                                + " folder"));
    }

    private static Stream<Path> foldersOfPath() {
        return Stream.ofNullable(System.getenv("PATH"))
                .flatMap(path -> Stream.of(path.split(":")))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of);
    }

    private static String jars(Path home) {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !NOT_SENT.contains(file.getFileName().toString()))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(","));
        } catch (IOException e) {
            throw CommandFailure.ownFailure(home + ": " + e.getMessage());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import io.sandbox.outcome.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Has an installed Spark run {@code FleetOnSpark} with our jars. */
final class SparkSubmit {
    private static final String NAME = "spark-submit";
    private static final String MAIN_JAR = "cli.jar";

    /** By its name only, since it needs the command, which needs this class. */
    private static final String MAIN_CLASS = "io.sandbox.cli.fleet.FleetOnSpark";

    /** Spark has its own, and there can be only one. */
    private static final String ZSTD_JAR = "zstd-jni.jar";

    private SparkSubmit() {}

    /** Returns the status of the command that Spark runs. */
    static int run(String master, List<String> settings, List<String> words) {
        Path home = Path.of(System.getProperty("sandbox.home"));
        List<String> command = new ArrayList<>();
        command.addAll(List.of(program().toString(), "--master", master));
        command.addAll(List.of("--name", "sandbox-fleet", "--class", MAIN_CLASS));
        command.addAll(List.of("--jars", jars(home)));
        command.addAll(List.of("--files", home.resolve("libsandbox-java.so").toString()));
        command.addAll(List.of("--driver-java-options", "-Dsandbox.home=" + home));
        command.addAll(List.of("--conf", "spark.log.level=WARN"));
        settings.forEach(setting -> command.addAll(List.of("--conf", setting)));
        command.add(home.resolve(MAIN_JAR).toString());
        command.addAll(words);
        try {
            return new Submission().start(new ProcessBuilder(command).inheritIO()).waitFor();
        } catch (IOException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Ends with us: it would run on after a signal that only we get, and go on printing. */
    private static final class Submission {
        private Process process;
        private boolean over;

        synchronized Process start(ProcessBuilder builder) throws IOException {
            // It is there first: once Java is ending, no hook can be added.
            Runtime.getRuntime().addShutdownHook(new Thread(this::end));
            if (over) {
                throw new IOException("interrupted");
            }
            process = builder.start();
            return process;
        }

        private synchronized void end() {
            over = true;
            if (process != null) {
                process.destroy();
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
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .filter(file -> !file.endsWith("/" + MAIN_JAR))
                    .filter(file -> !file.endsWith("/" + ZSTD_JAR))
                    .sorted()
                    .collect(Collectors.joining(","));
        } catch (IOException e) {
            throw CommandFailure.ownFailure(home + ": " + e.getMessage());
        }
    }
}

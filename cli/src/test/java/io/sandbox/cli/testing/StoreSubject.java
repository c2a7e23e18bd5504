// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Tests for a JVM of their own. Its name keeps them out of our own tests. */
public final class StoreSubject {
    @TempDir private static Path folder;

    /** Runs the tests of a class as a build tool does: one after the other or not. */
    public static void main(String[] arguments) {
        String parallel = "junit.jupiter.execution.parallel.";
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(arguments[0]))
                                .configurationParameter(parallel + "enabled", arguments[1])
                                .configurationParameter(parallel + "mode.default", "concurrent")
                                .configurationParameter(parallel + "config.strategy", "fixed")
                                .configurationParameter(parallel + "config.fixed.parallelism", "2")
                                .build());
    }

    @Test
    void links() throws Exception {
        Files.createLink(folder.resolve("other"), Files.createFile(folder.resolve("one")));
    }

    @Test
    void linksManyTimes() throws Exception {
        Path file = Files.createFile(folder.resolve("many"));
        Files.createLink(folder.resolve("again"), file);
        Files.move(file, folder.resolve("moved"));
        Files.createSymbolicLink(folder.resolve("soft"), file);
    }

    /** Two tests that wait until a thread of neither has made a call. */
    public static final class Pair {
        private static final CyclicBarrier BOTH_RUN = new CyclicBarrier(3);
        private static final CyclicBarrier IS_MADE = new CyclicBarrier(3);

        static {
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    BOTH_RUN.await();
                                    Path place = Path.of("linked-by-a-thread");
                                    Files.createSymbolicLink(place, Path.of("nothing"));
                                    Files.delete(place);
                                    IS_MADE.await();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            thread.setDaemon(true);
            thread.start();
        }

        @Test
        void left() throws Exception {
            BOTH_RUN.await();
            IS_MADE.await();
        }

        @Test
        void right() throws Exception {
            BOTH_RUN.await();
            IS_MADE.await();
        }
    }
}

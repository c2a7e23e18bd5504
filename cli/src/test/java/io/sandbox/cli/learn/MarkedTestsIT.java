// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.testing.Dist;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.JUnitRun;
import io.sandbox.cli.testing.Learn;
import io.sandbox.cli.testing.MakesRecords;
import io.sandbox.cli.testing.StoreSubject;
import io.sandbox.evidence.CallTests;
import io.sandbox.evidence.RecordingReader;
import io.sandbox.evidence.TestsOfCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sandbox-learn --tests} says which test makes each call. */
@MakesRecords
final class MarkedTestsIT {
    private static final Path SHARE = Dist.learn().resolveSibling("share/sandbox-seccomp");

    @TempDir private Path folder;

    private Finished record(List<String> program) throws Exception {
        return Learn.command("--tests --recording r.json -- %s", program)
                .in(folder)
                .run()
                .assertStatus(0);
    }

    private CallTests testsOf(String call) throws Exception {
        byte[] recording = Files.readAllBytes(folder.resolve("r.json"));
        return TestsOfCalls.of(RecordingReader.read(recording)).byCall().entrySet().stream()
                .filter(entry -> entry.getKey().displayName().equals(call))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void junit_eachCallIsOfItsTest() throws Exception {
        record(junit(StoreSubject.class, false));
        String name = StoreSubject.class.getName();
        assertEquals(List.of(name + ".links"), testsOf("link").smallest());
        assertEquals(2, testsOf("link").count());
        assertEquals(List.of(name + ".linksManyTimes"), testsOf("symlink").smallest());
    }

    @Test
    void junit_parallelTests_areOneOfThese() throws Exception {
        record(junit(StoreSubject.Pair.class, true));
        String name = StoreSubject.Pair.class.getName();
        assertEquals(List.of(name + ".left", name + ".right"), testsOf("symlink").smallest());
    }

    private static List<String> junit(Class<?> tests, boolean parallel) {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                classes + ":" + SHARE.resolve("sandbox-test-marks.jar"),
                JUnitRun.class.getName(),
                tests.getName(),
                String.valueOf(parallel));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.link.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers for the program of this test, which is Java's launcher. */
class ReachTest {
    @TempDir private Path folder;

    private Reach reach() {
        return new Reach(
                Optional.of(folder),
                Optional.ofNullable(System.getenv("LD_LIBRARY_PATH")),
                List.of(),
                Root.HERE);
    }

    private static Path launcher() throws IOException {
        return Path.of("/proc/self/exe").toRealPath();
    }

    @Test
    void of_aProgram_hasAPathToEachCall() throws IOException {
        ReachResult result = reach().of(launcher());
        assertTrue(result.calls().size() > 30, result::toString);
        for (ReachableCall call : result.calls()) {
            assertFalse(call.path().isEmpty(), call.name());
            for (Step step : call.path()) {
                assertTrue(result.files().contains(step.file()), call::toString);
                assertTrue(step.offset() >= step.start(), call::toString);
            }
        }
        Set<String> floor =
                result.calls().stream()
                        .filter(ReachableCall::floor)
                        .map(ReachableCall::name)
                        .collect(Collectors.toSet());
        assertTrue(
                floor.containsAll(Set.of("mmap", "openat", "read", "write", "exit_group")),
                floor::toString);
        assertFalse(floor.contains("execve") && floor.contains("socket"), floor::toString);
    }

    @Test
    void of_aProgramFromTheCache_isTheSame() throws IOException {
        ReachResult first = reach().of(launcher());
        try (var kept = Files.list(folder)) {
            long graphs = kept.filter(each -> !Files.isSymbolicLink(each)).count();
            assertEquals(first.files().size(), graphs);
        }
        assertEquals(first, reach().of(launcher()));
    }

    @Test
    void incompleteGraphs_areRemovedAfterAnHour() throws IOException {
        Path old = Files.writeString(folder.resolve("new1.tmp"), "");
        Path fresh = Files.writeString(folder.resolve("new2.tmp"), "");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(61))));
        reach().of(launcher());
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh));
    }

    @Test
    void of_aScript_isItsInterpreter() throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "#! " + launcher() + " -x\n");
        ReachResult result = reach().of(script);
        assertEquals(Optional.of(launcher()), result.interpreter());
        assertEquals(reach().of(launcher()).calls(), result.calls());
    }

    @Test
    void of_whatIsNoProgram_namesFileAndReason() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "hello\n");
        Path loop = Files.writeString(folder.resolve("loop"), "#!" + folder + "/loop\n");
        assertRefused(text, text + ": not an ELF file");
        assertRefused(folder, folder + ": not a regular file");
        assertRefused(folder.resolve("none"), folder.resolve("none") + ": no such file");
        assertRefused(loop, loop + ": its interpreters are scripts without end");
    }

    private void assertRefused(Path file, String message) {
        assertEquals(
                message, assertThrows(ReachException.class, () -> reach().of(file)).getMessage());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutableFactsTest {
    private static final Path SHELL = Path.of("/bin/sh");

    @TempDir private Path folder;

    @Test
    void query_dynamicProgram_hasItsVersion() {
        String libc = ExecutableFacts.query(SHELL).libc().orElseThrow();
        assertTrue(libc.matches("glibc [0-9]+\\.[0-9]+ \\(build [0-9a-f]{40}\\)"), libc);
    }

    private static void assertUnknown(Path file) {
        assertEquals(Optional.empty(), ExecutableFacts.query(file).libc());
        assertEquals(Optional.empty(), ExecutableFacts.query(file).buildId());
    }

    @Test
    void query_noProgram_isUnknown() throws Exception {
        assertUnknown(folder.resolve("missing"));
        assertUnknown(folder);
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
        assertUnknown(script);
    }

    @Test
    void parseGlibcVersion_readsTheBanner() {
        assertEquals(
                Optional.of("glibc 2.41"),
                ExecutableFacts.parseGlibcVersion(
                        "\0GNU C Library (Debian GLIBC 2.41-12) stable release version 2.41.\n"
                                + "Copy"));
        assertEquals(Optional.empty(), ExecutableFacts.parseGlibcVersion("other"));
    }
}

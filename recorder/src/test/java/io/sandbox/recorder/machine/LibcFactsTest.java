// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibcFactsTest {
    private static final Path SHELL = Path.of("/bin/sh");

    @TempDir private Path folder;

    @Test
    void query_dynamicProgram_hasItsVersion() {
        String libc = LibcFacts.query(SHELL).orElseThrow();
        assertTrue(libc.matches("glibc [0-9]+\\.[0-9]+"), libc);
    }

    @Test
    void query_noProgram_isUnknown() throws Exception {
        assertEquals(Optional.empty(), LibcFacts.query(folder.resolve("missing")));
        assertEquals(Optional.empty(), LibcFacts.query(folder));
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
        assertEquals(Optional.empty(), LibcFacts.query(script));
    }

    @Test
    void parseInterpreter_headersThatLeadElsewhere_areRefusedOrRead() throws Exception {
        byte[] page = Arrays.copyOf(Files.readAllBytes(SHELL), 4096);
        for (int length = 0; length < 64; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(page, length));
            assertThrows(IllegalArgumentException.class, () -> LibcFacts.parseInterpreter(cut));
        }
    }

    @Test
    void parseGlibcVersion_readsTheBanner() {
        assertEquals(
                Optional.of("glibc 2.41"),
                LibcFacts.parseGlibcVersion(
                        "\0GNU C Library (Debian GLIBC 2.41-12) stable release version 2.41.\n"
                                + "Copy"));
        assertEquals(Optional.empty(), LibcFacts.parseGlibcVersion("other"));
    }
}

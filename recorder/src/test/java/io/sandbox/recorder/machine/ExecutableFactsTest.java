// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExecutableFactsTest {
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
        assertUnknown(Files.writeString(folder.resolve("script"), "#!/bin/sh\n"));
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

    private static final int PAGE = 4096;

    private static byte[] shell() throws Exception {
        return Arrays.copyOf(Files.readAllBytes(Path.of("/bin/sh")), PAGE);
    }

    private static ByteBuffer put(ByteBuffer page, int at, String text) {
        return page.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A 32-bit file of the other byte order, with two notes in its only segment. */
    private static byte[] page(String buildId) {
        ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.BIG_ENDIAN);
        put(page, 0, "\177ELF\1\2").putInt(28, 52).putShort(42, (short) 32).putShort(44, (short) 1);
        int length = 20 + 12 + 4 + buildId.length();
        page.putInt(52, 4).putInt(56, 100).putInt(68, length);
        put(page.putInt(100, 5).putInt(104, 0).putInt(108, 3), 112, "other");
        put(page.putInt(120, 4).putInt(124, buildId.length()).putInt(128, 3), 132, "GNU");
        return put(page, 136, buildId).array();
    }

    @Test
    void notes_holdTheBuildId() {
        assertEquals(Optional.of("00ff7a"), new ElfHead(page("\0\u00ffz")).buildId());
        assertEquals(Optional.empty(), new ElfHead(page("")).buildId());
        assertEquals(Optional.empty(), new ElfHead(page("x".repeat(65))).buildId());
        assertEquals("", new ElfHead(page("abc")).interpreter());
    }

    @Test
    void pageThatIsCut_isRefused() throws Exception {
        for (int length = 0; length < 64; length++) {
            byte[] cut = Arrays.copyOf(shell(), length);
            assertThrows(IllegalArgumentException.class, () -> new ElfHead(cut));
        }
    }

    /** Whoever controls the file controls each byte. */
    @Test
    void damagedPage_isReadOrRefused() throws Exception {
        Random random = new Random(1);
        byte[] shell = shell();
        byte[] small = page("abcd");
        for (int i = 0; i < 200_000; i++) {
            byte[] page = (i % 2 == 0 ? shell : small).clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                page[random.nextInt(1000)] = (byte) (random.nextInt(3) - random.nextInt(300));
            }
            try {
                new ElfHead(page);
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains("ELF file"), e::toString);
            }
        }
    }
}

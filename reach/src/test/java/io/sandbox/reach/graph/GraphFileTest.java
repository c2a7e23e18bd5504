// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sandbox.reach.elf.ElfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphFileTest {
    private final CodeGraph graph =
            GraphBuilder.build(new ElfFile(Files.readAllBytes(Path.of("/proc/self/exe"))));

    GraphFileTest() throws IOException {}

    @Test
    void read_whatWasWritten_isTheSame() {
        byte[] bytes = GraphFile.write(graph);
        CodeGraph read = GraphFile.read(bytes).orElseThrow();
        assertEquals(graph.traits(), read.traits());
        assertEquals(graph.imports(), read.imports());
        assertEquals(graph.exported().length, read.exported().length);
        assertEquals(graph.export("rename"), read.export("rename"));
        assertArrayEquals(graph.addresses(), read.addresses());
        assertArrayEquals(graph.edges().targets(), read.edges().targets());
        assertArrayEquals(bytes, GraphFile.write(read));
    }

    @Test
    void read_damagedBytes_isEmpty() {
        byte[] bytes = GraphFile.write(graph);
        for (int at = 0; at < bytes.length; at += 1 + bytes.length / 500) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            assertEquals(Optional.empty(), GraphFile.read(damaged), "byte " + at);
            assertEquals(Optional.empty(), GraphFile.read(Arrays.copyOf(bytes, at)));
        }
    }

    @Test
    void build_programOfThisTest_importsWhatItCalls() {
        assertTrue(graph.imports().contains("__libc_start_main"), graph.imports()::toString);
        assertTrue(graph.entry() >= 0);
    }

    /** The cross compiler's library: rename is renameat (38) there, or renameat2 (276). */
    @Test
    void build_libraryOfAarch64_hasItsNumbers() throws IOException {
        Path library = Path.of("/usr/aarch64-linux-gnu/lib/libc.so.6");
        assumeTrue(Files.exists(library), "libc6-arm64-cross is not installed");
        CodeGraph other = GraphBuilder.build(new ElfFile(Files.readAllBytes(library)));
        int rename = other.export("rename");
        int call = other.calls().targets()[other.calls().starts()[rename]];
        assertTrue(call == 38 || call == 276, "call " + call);
        // Its only executable segment begins with the header, which is no code.
        assertTrue(other.addresses()[0] > 0);
    }
}

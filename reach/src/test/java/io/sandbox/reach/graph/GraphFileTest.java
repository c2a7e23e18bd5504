// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sandbox.reach.elf.DynamicSection;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.Machine;
import io.sandbox.reach.elf.Symbol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The parts of a graph. */
final class GraphFileTest {
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

    private static void assertLinks(
            LinkCollector links, int nodes, int[] starts, int[] targets, int[] sites) {
        CodeGraph.Links sorted = links.sorted(nodes);
        assertArrayEquals(starts, sorted.starts());
        assertArrayEquals(targets, sorted.targets());
        assertArrayEquals(sites, sorted.sites());
    }

    @Test
    void sorted_isByNode_andHasEachTargetOnce() {
        LinkCollector links = new LinkCollector();
        links.add(2, -3, 10);
        links.add(0, 5, 11);
        links.add(2, 1, 12);
        links.add(2, -3, 13);
        links.add(0, 5, 14);
        links.add(0, -3, 15);
        assertLinks(
                links,
                4,
                new int[] {0, 2, 2, 4, 4},
                new int[] {5, -3, -3, 1},
                new int[] {11, 15, 10, 12});
    }

    @Test
    void sorted_ofNone_isEmpty() {
        assertLinks(new LinkCollector(), 2, new int[3], new int[0], new int[0]);
        assertLinks(new LinkCollector(), 0, new int[1], new int[0], new int[0]);
    }

    private static Symbol object(String name, long address, long size) {
        return new Symbol(name, address, size, true, false, true);
    }

    private final Tables tables =
            new Tables(
                    7,
                    List.of(
                            object("short", 0x100, 16),
                            object("long", 0x100, 32),
                            object("huge", 0x10000, 1 << 20),
                            object("empty", 0x200, 0),
                            new Symbol("code", 0x208, 8, true, true, true),
                            new Symbol("import", 0x218, 8, false, false, true)),
                    List.of(0x300L));

    @Test
    void end_isThatOfTheLongestSymbol() {
        assertEquals(0x120, tables.end(0x100));
        assertEquals(0x10000 + 1024 * 8, tables.end(0x10000));
    }

    @Test
    void end_withoutASymbol_isTheNextTarget_orAfter24Pointers() {
        assertEquals(0x200, tables.end(0x1f0));
        assertEquals(0x300, tables.end(0x200));
        assertEquals(0x300, tables.end(0x2f8));
        assertEquals(0x300 + 256 * 8, tables.end(0x300));
        tables.node(0x308, 1);
        assertEquals(0x308, tables.end(0x300));
    }

    @Test
    void node_isMadeOnceForEachDepth() {
        assertEquals(7, tables.node(0x300, 1));
        assertEquals(8, tables.node(0x300, 2));
        assertEquals(7, tables.node(0x300, 1));
        assertEquals(2, tables.count());
        assertEquals(new Tables.Table(0x300, 2), tables.get(1));
        assertTrue(Tables.isFollowed(3));
        assertFalse(Tables.isFollowed(4));
    }

    // The C library that this test itself runs with.

    private final ElfFile libc = new ElfFile(Files.readAllBytes(ownLibc()));
    private final FunctionNames names = new FunctionNames(libc);

    private static Path ownLibc() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/libc.so") || line.contains("/ld-musl"))
                .map(line -> Path.of(line.substring(line.indexOf('/'))))
                .findFirst()
                .orElseThrow();
    }

    private Symbol getppid() {
        return DynamicSection.of(libc).symbols().stream()
                .filter(symbol -> symbol.name().equals("getppid"))
                .findFirst()
                .orElseThrow();
    }

    /** The place after the only call of getppid. */
    private long behindCall() {
        long start = libc.offset(getppid().address());
        byte[] code = libc.content();
        boolean x86 = libc.machine() == Machine.X86_64;
        for (long at = start; at < start + getppid().size(); at++) {
            int i = (int) at;
            if (x86 && code[i] == 0x0f && code[i + 1] == 5) {
                return at + 2;
            }
            if (!x86 && code[i] == 1 && code[i + 2] == 0 && code[i + 3] == (byte) 0xd4) {
                return at + 4;
            }
        }
        throw new AssertionError("getppid makes no call");
    }

    @Test
    void place_behindACall_hasTheNameOfItsFunction() {
        long offset = behindCall() - libc.offset(getppid().address());
        assertEquals(
                Optional.of("getppid+0x" + Long.toHexString(offset)), names.callAt(behindCall()));
    }

    /** So would the place be if the recording were of another version of the file. */
    @Test
    void place_withoutACall_hasNoName() {
        assertEquals(Optional.empty(), names.callAt(behindCall() + 1));
        assertEquals(Optional.empty(), names.callAt(behindCall() - 1));
    }

    @Test
    void place_outsideOfTheFile_hasNoName() {
        for (long offset : new long[] {Long.MIN_VALUE, -1, 0, 1, 3, Long.MAX_VALUE}) {
            assertEquals(Optional.empty(), names.callAt(offset));
        }
        assertEquals(Optional.empty(), names.callAt(libc.content().length + 1L));
    }

    @Test
    void names_ofOneFunction_areThePlainOne() {
        assertEquals("write", FunctionNames.plainer("__write", "write"));
        assertEquals("write", FunctionNames.plainer("write", "__write"));
        assertTrue(FunctionNames.plainer("__libc_write", "__write").equals("__write"));
    }
}

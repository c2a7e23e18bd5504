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
import io.sandbox.syscalldb.testing.Table;
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
        int call = other.calls().targets()[other.calls().starts()[other.export("rename")]];
        assertTrue(call == 38 || call == 276, "call " + call);
        // Its only executable segment begins with the header, which is no code.
        assertTrue(other.addresses()[0] > 0);
    }

    /** {@code added}: each link as {@code node>target@site}; a call is a target below zero. */
    @Table
    void sorted_isByNode_andHasEachTargetOnce(
            String added, int nodes, String starts, String targets, String sites) {
        LinkCollector links = new LinkCollector();
        for (String each : added.isEmpty() ? new String[0] : added.split(" ")) {
            String[] parts = each.split("[>@]");
            links.add(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]));
        }
        CodeGraph.Links sorted = links.sorted(nodes);
        assertEquals(starts, Arrays.toString(sorted.starts()));
        assertEquals(targets, Arrays.toString(sorted.targets()));
        assertEquals(sites, Arrays.toString(sorted.sites()));
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

    /** Without a symbol, it is the next target, or the place after 256 pointers. */
    @Table
    void end_isThatOfTheLongestSymbol(String address, String end) {
        assertEquals(end, Long.toHexString(tables.end(Long.parseLong(address, 16))));
    }

    @Test
    void node_isMadeOnceForEachDepth() {
        assertEquals(7, tables.node(0x300, 1));
        assertEquals(8, tables.node(0x300, 2));
        assertEquals(7, tables.node(0x300, 1));
        tables.node(0x308, 1);
        assertEquals(0x308, tables.end(0x300));
        assertEquals(3, tables.count());
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
    void place_withoutACall_orOutsideOfTheFile_hasNoName() {
        long[] offsets = {Long.MIN_VALUE, -1, 0, 1, 3, behindCall() - 1, behindCall() + 1};
        for (long offset : offsets) {
            assertEquals(Optional.empty(), names.callAt(offset));
        }
        assertEquals(Optional.empty(), names.callAt(libc.content().length + 1L));
        assertEquals(Optional.empty(), names.callAt(Long.MAX_VALUE));
    }

    @Test
    void names_ofOneFunction_areThePlainOne() {
        assertEquals("write", FunctionNames.plainer("__write", "write"));
        assertEquals("write", FunctionNames.plainer("write", "__write"));
        assertTrue(FunctionNames.plainer("__libc_write", "__write").equals("__write"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.reach.elf.Symbol;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {
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
}

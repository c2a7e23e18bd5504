// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ElfHeaderTest {
    static byte[] header(int elfClass, int data, int machine0, int machine1) {
        byte[] head = new byte[ElfHeader.SIZE];
        head[0] = 0x7f;
        head[1] = 'E';
        head[2] = 'L';
        head[3] = 'F';
        head[4] = (byte) elfClass;
        head[5] = (byte) data;
        head[18] = (byte) machine0;
        head[19] = (byte) machine1;
        return head;
    }

    @Test
    void parse_bothByteOrders_givesMachine() {
        assertEquals(
                Optional.of(new ElfHeader(62, 64, true)), ElfHeader.parse(header(2, 1, 62, 0)));
        assertEquals(
                Optional.of(new ElfHeader(22, 32, false)), ElfHeader.parse(header(1, 2, 0, 22)));
        assertEquals(
                Optional.of(new ElfHeader(0xf3f2, 64, true)),
                ElfHeader.parse(header(2, 1, 0xf2, 0xf3)));
        assertEquals(
                Optional.of(new ElfHeader(0xf3f2, 64, false)),
                ElfHeader.parse(header(2, 2, 0xf3, 0xf2)));
    }

    @Test
    void parse_cutAtEveryByte_isEmpty() {
        byte[] head = header(2, 1, 62, 0);
        for (int size = 0; size < head.length; size++) {
            assertEquals(Optional.empty(), ElfHeader.parse(Arrays.copyOf(head, size)));
        }
    }

    @Test
    void parse_badMagicClassOrByteOrder_isEmpty() {
        for (int i = 0; i < 4; i++) {
            byte[] head = header(2, 1, 62, 0);
            head[i]++;
            assertEquals(Optional.empty(), ElfHeader.parse(head));
        }
        for (int bad : new int[] {0, 3, 0x82, 0xff}) {
            assertEquals(Optional.empty(), ElfHeader.parse(header(bad, 1, 62, 0)));
            assertEquals(Optional.empty(), ElfHeader.parse(header(2, bad, 62, 0)));
        }
    }
}

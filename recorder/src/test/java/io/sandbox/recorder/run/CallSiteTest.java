// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.process.ProcessMemory;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class CallSiteTest {
    private static final long BASE = 0x10000;
    private static final long STACK = 0x800;
    private static final int SIZE = 0x1000;
    private static final int RDX = 2;
    private static final int RSP = 4;

    private final byte[] memory = new byte[SIZE];
    private final SavedRegisters registers = new SavedRegisters();

    /** Puts code into the memory so that it ends at {@code end}. */
    private void put(String hex, int end) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        System.arraycopy(bytes, 0, memory, end - bytes.length, bytes.length);
    }

    private OptionalInt number(String hex, int end) throws IOException {
        put(hex, end);
        registers.setInstruction(BASE + end);
        registers.set(RSP, BASE + STACK);
        return CallSite.of(registers, new Bytes(memory)).number();
    }

    private record Bytes(byte[] memory) implements ProcessMemory {
        @Override
        public byte[] read(long address, int length) throws IOException {
            int start = (int) (address - BASE);
            if (start < 0 || start + length > memory.length) {
                throw new IOException("not mapped");
            }
            byte[] bytes = new byte[length];
            System.arraycopy(memory, start, bytes, 0, length);
            return bytes;
        }

        @Override
        public void close() {}
    }

    @Table
    void number_setBefore_isTold(String code, int number) throws IOException {
        registers.set(RDX, 77);
        memory[(int) STACK + 16] = 99;
        // Code that begins with the end of a function starts at a multiple of 16.
        assertEquals(OptionalInt.of(number), number(code, 0x107));
    }

    @Table
    void number_notSetSo_isNotGuessed(String code) throws IOException {
        assertEquals(OptionalInt.empty(), number(code, 0x107));
    }

    @Test
    void number_ofCancellableCall_isInTheCallersStack() throws IOException {
        int returns = 0x400;
        put("488b742420 4989d0 4889fa 4c89df e800000000", returns);
        ByteBuffer.wrap(memory)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong((int) STACK, BASE + returns)
                .putLong((int) STACK + 8 + 0x20, 232);
        assertEquals(
                OptionalInt.of(232),
                number(
                        "4889f0 4889d7 4889ce 4c89c2 4d89ca 4c8b442408 4c8b4c2410 4c895c2408 0f05",
                        0x107));
    }

    // Bytes that can be a jump to a given byte, and others.

    private static final int TARGET = 300;

    @Table
    void jump_toTheTarget_isSeen(String jump, int at) {
        byte[] code = new byte[600];
        byte[] bytes = HexFormat.of().parseHex(jump);
        System.arraycopy(bytes, 0, code, at, bytes.length);
        assertTrue(DirectJumps.leadsTo(TARGET, code));
        assertFalse(DirectJumps.leadsTo(TARGET + 1, code));
    }

    @Test
    void mayLeadTo_threadHasBeenKilled_isTrue() throws Exception {
        try (ProcessMemory memory = ProcessMemory.of((int) ProcessHandle.current().pid())) {
            assertTrue(new DirectJumps().mayLeadTo(1, "", memory));
        }
    }
}

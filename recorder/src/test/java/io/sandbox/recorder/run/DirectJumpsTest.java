// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes that can be a jump to a given byte, and others. */
final class DirectJumpsTest {
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
    void noJump_isNone() {
        assertEquals(false, DirectJumps.leadsTo(TARGET, new byte[600]));
    }

    @Test
    void mayLeadTo_threadHasBeenKilled_isTrue() throws Exception {
        try (ProcessMemory memory = ProcessMemory.of((int) ProcessHandle.current().pid())) {
            assertTrue(new DirectJumps().mayLeadTo(1, "", memory));
        }
    }
}

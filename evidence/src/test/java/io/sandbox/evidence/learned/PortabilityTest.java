// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Map;

class PortabilityTest {
    /** Whether the call comes with a list of that call, and its comment if that is told. */
    @Table
    void additions_ofACall_areOfTheArch(
            String arch, String listed, String call, boolean comes, String why) {
        Map<String, String> additions =
                Portability.additions(List.of(listed), SyscallDb.get().arch(arch));
        assertEquals(comes, additions.containsKey(call));
        assertFalse(!why.isEmpty() && !why.equals(additions.get(call)), additions::toString);
    }
}

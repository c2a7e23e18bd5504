// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.output.Styled;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SyscallScreenTest {
    private static final SyscallDb DB = SyscallDb.get();

    private static String screen(String name) {
        return SyscallScreen.of(DB, DB.facts(name).orElseThrow(), new Styled(false));
    }

    @Test
    void of_everyCall_fitsOnAScreenOf80By24() {
        for (SyscallFacts facts : DB.allFacts()) {
            List<String> lines = screen(facts.name()).lines().toList();
            assertTrue(lines.size() <= 24, () -> facts.name() + ": " + lines.size() + " lines");
            for (String line : lines) {
                assertTrue(line.length() <= 80, line);
                assertEquals(line.stripTrailing(), line);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CoverageTest {
    @Table
    void foreignOn_aMachine_areTheOthersInOrder(String coverage, String machine, String foreign) {
        Coverage covered = Policies.coverage(coverage);
        assertEquals(foreign, String.join(",", covered.foreignOn(machine)));
        String all = foreign.isEmpty() ? machine : foreign + "," + machine;
        assertEquals(all, String.join(",", covered.archesOn(machine)));
        for (String arch : List.of("x86_64", "i386", "x32", "aarch64", "s390x")) {
            boolean included = List.of(all.split(",")).contains(arch);
            assertEquals(included, covered.includes(arch, machine), arch);
        }
    }

    @Test
    void coverage_bothWays_isRefused() {
        List<String> also = List.of("x32");
        Map<String, List<String>> byMachine = Map.of("x86_64", List.of("i386"));
        assertThrows(IllegalArgumentException.class, () -> new Coverage(also, byMachine));
    }
}

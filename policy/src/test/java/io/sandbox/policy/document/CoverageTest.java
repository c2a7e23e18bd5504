// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CoverageTest {
    @Test
    void foreignOn_archesForAllMachines_areInOrderAndEachOnce() {
        Coverage coverage = new Coverage(List.of("x32", "i386", "x86_64", "x32"), Map.of());
        assertEquals(List.of("x32", "i386"), coverage.foreignOn("x86_64"));
        assertEquals(List.of("x32", "x86_64"), coverage.foreignOn("i386"));
    }

    @Test
    void foreignOn_archesByMachine_areThoseOfThatMachine() {
        Coverage coverage =
                new Coverage(List.of(), Map.of("x86_64", List.of("i386"), "s390x", List.of()));
        assertEquals(List.of("i386"), coverage.foreignOn("x86_64"));
        assertEquals(List.of(), coverage.foreignOn("s390x"));
        assertEquals(List.of(), coverage.foreignOn("aarch64"));
    }

    @Test
    void archesOn_machine_comesLastAndIsIncluded() {
        Coverage coverage = new Coverage(List.of("x32", "i386"), Map.of());
        assertEquals(List.of("x32", "i386", "x86_64"), coverage.archesOn("x86_64"));
        assertTrue(coverage.includes("x86_64", "x86_64"));
        assertTrue(coverage.includes("x32", "x86_64"));
        assertFalse(coverage.includes("aarch64", "x86_64"));
    }

    @Test
    void coverage_bothWays_isRefused() {
        List<String> also = List.of("x32");
        Map<String, List<String>> byMachine = Map.of("x86_64", List.of("i386"));
        assertThrows(IllegalArgumentException.class, () -> new Coverage(also, byMachine));
    }
}

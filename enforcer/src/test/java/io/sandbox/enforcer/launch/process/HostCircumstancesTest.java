// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostCircumstancesTest {
    @Test
    void parseBoundingSet_bits_areNames() {
        String status = "Name:\tsh\nCapEff:\tffffffffffffffff\nCapBnd:\t0000010000200001\n";
        assertEquals(
                Set.of("CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_CHECKPOINT_RESTORE"),
                HostCircumstances.parseBoundingSet(status));
    }

    @Test
    void parseBoundingSet_withoutIt_isRefused() {
        assertThrows(
                IllegalStateException.class,
                () -> HostCircumstances.parseBoundingSet("CapEff:\t0\n"));
    }

    @ParameterizedTest
    @CsvSource({"6.18.44-fc-v669,6.18.44", "6.1.0-18-amd64,6.1.0", "5.10,5.10", "6.12+,6.12"})
    void parseRelease_whatDistributionsAdd_isCutOff(String release, String expected) {
        assertEquals(expected, HostCircumstances.parseRelease(release).toString());
    }

    @Test
    void parseRelease_nonsense_isRefused() {
        assertThrows(IllegalStateException.class, () -> HostCircumstances.parseRelease("six"));
    }
}

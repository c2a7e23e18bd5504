// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.recorder.evidence.CallEvidence;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MinHostsTest {
    /** A program of ten hosts, of which the first three make a call. */
    @ParameterizedTest
    @CsvSource({"1, true", "3, true", "4, false", "30%, true", "31%, false", "100%, false"})
    void allows_whatEnoughHostsMake(String least, boolean allowed) {
        FleetProgram program = new FleetProgram("/bin/a", 0);
        for (int host = 0; host < 10; host++) {
            program.add(host, host < 3 ? List.of(call(7)) : List.of(), 0, 0);
        }
        FleetCall call = program.calls().iterator().next();
        assertEquals(allowed, MinHosts.parse(least).allows(call, program));
    }

    private static CallEvidence call(int number) {
        return new CallEvidence(
                number, 1, 0, OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "x", "0%", "101%", "%", "1.5%", "99999999"})
    void parse_refusesOtherTexts(String text) {
        assertThrows(IllegalArgumentException.class, () -> MinHosts.parse(text));
    }
}

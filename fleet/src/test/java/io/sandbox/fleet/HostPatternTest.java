// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of options. */
final class HostPatternTest {
    @Table
    void hostOf_findsTheHost(String pattern, String path, String host) {
        assertEquals(host, HostPattern.parse(pattern).hostOf(path).orElse("none"));
    }

    @ParameterizedTest
    @CsvSource({
        "logs/{host}/*, web-1/audit.log",
        "logs/{host}/*, logs/web-1/old/audit.log",
        "logs/{host}/*, mylogs/web-1/audit.log",
        "l.gs/{host}/a, logs/h/a",
    })
    void hostOf_isEmptyForOtherPaths(String pattern, String path) {
        assertEquals("none", HostPattern.parse(pattern).hostOf(path).orElse("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"logs/*", "", "{host}/{host}"})
    void parse_refusesWhatDoesNotSayWhereTheHostIs(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> HostPattern.parse(pattern));
    }

    /** A program of ten hosts, of which the first three make a call. */
    @ParameterizedTest
    @CsvSource({"1, true", "3, true", "4, false", "30%, true", "31%, false", "100%, false"})
    void allows_whatEnoughHostsMake(String least, boolean allowed) {
        FleetProgram program = new FleetProgram("/bin/a", 0);
        HostRun run = new HostRun(new EvidenceId(0, 0), 0, 0, List.of(), null);
        for (int host = 0; host < 10; host++) {
            int calls = host < 3 ? 1 : 0;
            program.add(
                    host,
                    run,
                    new HostRun.Program(
                            "", 0, null, new int[calls], new long[calls], new long[calls]));
        }
        FleetCall call = program.calls().iterator().next();
        assertEquals(allowed, MinHosts.parse(least).allows(call, program));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "x", "0%", "101%", "%", "1.5%", "99999999"})
    void parse_refusesOtherTexts(String text) {
        assertThrows(IllegalArgumentException.class, () -> MinHosts.parse(text));
    }
}

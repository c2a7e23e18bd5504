// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import org.junit.jupiter.params.provider.EmptySource;

/** The words of options. */
final class HostPatternTest {
    @Table
    void hostOf_findsTheHost(String pattern, String path, String host) {
        assertEquals(host, HostPattern.parse(pattern).hostOf(path).orElse("none"));
    }

    @Table
    void hostOf_isEmptyForOtherPaths(String pattern, String path) {
        assertEquals("none", HostPattern.parse(pattern).hostOf(path).orElse("none"));
    }

    @Table
    @EmptySource
    void parse_refusesWhatDoesNotSayWhereTheHostIs(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> HostPattern.parse(pattern));
    }

    /** A program of ten hosts, of which the first three make a call. */
    @Table
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

    @Table
    @EmptySource
    void parse_refusesOtherTexts(String text) {
        assertThrows(IllegalArgumentException.class, () -> MinHosts.parse(text));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.syscalldb.testing.Table;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
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
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class DemanglerTest {
    @Table
    void readable_isWhatPeopleWrite(String name, String expected) {
        assertEquals(expected, Demangler.readable(name));
    }

    @Test
    void readable_ofAHostileName_ends() {
        Demangler.readable("_Z" + "P".repeat(1500) + "i");
        Demangler.readable("_ZN" + "S_".repeat(900) + "E");
        // Each part repeats the one before it twice.
        StringBuilder doubling = new StringBuilder("_Z1f1aIiiES_IS0_S0_E");
        for (int i = 0; i < 35; i++) {
            String part = "S" + Integer.toString(i, 36).toUpperCase(Locale.ROOT) + "_";
            doubling.append("S_I").append(part).append(part).append("E");
        }
        assertEquals(doubling.toString(), Demangler.readable(doubling.toString()));
        String longName = "_Z1" + "a".repeat(5000);
        assertEquals(longName, Demangler.readable(longName));
    }
}

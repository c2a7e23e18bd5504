// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sandbox.policy.CallRef;
import io.sandbox.syscalldb.testing.Table;
import org.junit.jupiter.api.Test;

class CallNamesTest {
    private static final String NO_TABLE = "pdp11";

    private static CallRef call(String text) {
        return Character.isDigit(text.charAt(0))
                ? new CallRef.Numbered(Integer.parseInt(text))
                : new CallRef.Named(text);
    }

    @Table
    void exist_isKnownOfNamesWithATable(String arch, String call, boolean exists) {
        assertEquals(exists, CallNames.on(arch).exist(call(call)));
    }

    @Table
    void nameOf_isCanonical(String arch, String call, String name) {
        assertEquals(name, CallNames.on(arch).nameOf(call(call)).orElse(""));
    }

    @Test
    void key_isTheSameForAllNamesOfACall() {
        CallNames names = CallNames.on("x86_64");
        assertEquals(names.key(call("pread64")), names.key(call("pread")));
        assertEquals(names.key(call("pread64")), names.key(call("17")));
        assertEquals(names.key(call("9999")), CallNames.on(NO_TABLE).key(call("9999")));
        assertNotEquals(names.key(call("read")), names.key(call("write")));
        assertNotEquals(names.key(call("nosuch")), names.key(call("other")));
    }
}

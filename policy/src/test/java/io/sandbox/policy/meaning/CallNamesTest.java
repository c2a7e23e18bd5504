// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sandbox.policy.CallRef;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallNamesTest {
    private static final String NO_TABLE = "pdp11";

    private static CallRef call(String text) {
        return Character.isDigit(text.charAt(0))
                ? new CallRef.Numbered(Integer.parseInt(text))
                : new CallRef.Named(text);
    }

    @ParameterizedTest
    @CsvSource({
        "x86_64, read, true",
        "x86_64, pread, true",
        "x86_64, nosuch, false",
        "x86_64, semop, true",
        "x86_64, recv, false",
        "x86_64, 0, true",
        "x86_64, 9999, true",
        "aarch64, open, false",
        "i386, recv, true",
        "i386, nosuch, false",
        "pdp11, nosuch, true",
        "pdp11, 9999, true"
    })
    void exist_isKnownOfNamesWithATable(String arch, String call, boolean exists) {
        assertEquals(exists, CallNames.on(arch).exist(call(call)));
    }

    @ParameterizedTest
    @CsvSource({
        "x86_64, read, read",
        "x86_64, pread, pread64",
        "x86_64, nosuch, nosuch",
        "x86_64, 0, read",
        "i386, 0, restart_syscall",
        "x86_64, 9999,",
        "pdp11, read, read",
        "pdp11, 0,"
    })
    void nameOf_isCanonical(String arch, String call, String name) {
        assertEquals(Optional.ofNullable(name), CallNames.on(arch).nameOf(call(call)));
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

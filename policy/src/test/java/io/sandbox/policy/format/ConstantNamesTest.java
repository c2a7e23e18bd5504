// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import java.util.List;

class ConstantNamesTest {
    /** From asm/fcntl.h of the architectures, and linux/fs.h. */
    @Table
    void valueOf_name_isThatOfTheArchitecture(
            String name, String x86, String arm64, String arm, String i386) {
        assertEquals(Long.decode(x86), ConstantNames.lookUp("x86_64", name).orElseThrow());
        assertEquals(Long.decode(arm64), ConstantNames.lookUp("aarch64", name).orElseThrow());
        assertEquals(Long.decode(arm), ConstantNames.lookUp("arm", name).orElseThrow());
        assertEquals(Long.decode(i386), ConstantNames.lookUp("i386", name).orElseThrow());
    }

    @Table
    void of_values_areNamedWholeOrNotAtAll(
            String arch, String prefixes, long choiceMask, String value, String name) {
        List<String> words = prefixes.isEmpty() ? List.of() : List.of(prefixes.split(" "));
        long number =
                value.startsWith("0x")
                        ? Long.parseUnsignedLong(value.substring(2), 16)
                        : Long.parseLong(value);
        assertEquals(name, ConstantNames.of(arch, words, choiceMask, number).orElse(""));
    }
}

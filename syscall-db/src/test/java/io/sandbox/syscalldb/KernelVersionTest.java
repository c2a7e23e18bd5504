// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KernelVersionTest {
    private static KernelVersion version(String text) {
        return KernelVersion.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "5.9, 5.10",
        "2.6.39, 3.0",
        "2.6, 2.6.1",
        "1.0, 1.2",
        "2.4.8, 2.4.8.1",
        "4.20, 5.0",
        "5.999, 5.9999",
    })
    void compareTo_earlierRelease_isLess(String earlier, String later) {
        assertTrue(version(earlier).compareTo(version(later)) < 0);
        assertTrue(version(later).compareTo(version(earlier)) > 0);
        assertNotEquals(version(earlier), version(later));
        assertNotEquals(version(earlier).hashCode(), version(later).hashCode());
    }

    @Test
    void equals_zeroAtTheEnd_isTheSameRelease() {
        assertEquals(version("5.9"), version("5.9.0"));
        assertEquals(version("5.9").hashCode(), version("5.9.0").hashCode());
        assertEquals("5.9.0", version("5.9.0").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5.",
                "5.9.",
                ".5",
                "5..9",
                "v5.9",
                "5.9-rc1",
                "5.9 ",
                " 5.9",
                "-5.9",
                "5.+9",
                "5.99999",
                "1.2.3.4.5",
                "5,9",
                "٥.٩"
            })
    void parse_noVersion_isEmpty(String text) {
        assertEquals(Optional.empty(), KernelVersion.parse(text));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EmptySource;

final class KernelVersionTest {
    private static KernelVersion version(String text) {
        return KernelVersion.parse(text).orElseThrow();
    }

    @Table
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

    @Table
    @EmptySource
    void parse_noVersion_isEmpty(String text) {
        assertEquals(Optional.empty(), KernelVersion.parse(text));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Uses lines that Linux 6.18 wrote. */
class ProcessMapsTest {
    private static final String MAPS =
            """
            55d0c6b2c000-55d0c6b2e000 r--p 00000000 fe:00 1046                       /usr/bin/a b
            7f21a2c00000-7f21a2c28000 r--p 00000000 fe:00 2921                       /usr/lib/libc.so.6
            7f21a2c28000-7f21a2d8d000 r-xp 00028000 fe:00 2921                       /usr/lib/libc.so.6
            7f21a2e00000-7f21a2e01000 rwxp 00000000 00:00 0\s
            7ffe1a9f9000-7ffe1a9fb000 r-xp 00000000 00:00 0                          [vdso]
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
            """;

    private static Optional<String> origin(long address) {
        return ProcessMaps.parseOrigin(MAPS, address).map(Origin::toString);
    }

    @Test
    void parseOrigin_code_isTheOffsetInItsFile() {
        assertEquals(Optional.of("/usr/lib/libc.so.6+0x28010"), origin(0x7f21a2c28010L));
        assertEquals(Optional.of("/usr/bin/a b+0x0"), origin(0x55d0c6b2c000L));
    }

    @Test
    void parseCode_isEachFileThatIsExecutable() {
        assertEquals(List.of("/usr/lib/libc.so.6"), ProcessMaps.parseCode(MAPS + MAPS));
    }

    @Test
    void parseOrigin_noFile_isSaid() {
        assertEquals(Optional.of("[anonymous]+0x4"), origin(0x7f21a2e00004L));
        assertEquals(Optional.of("[vdso]+0x1"), origin(0x7ffe1a9f9001L));
    }

    @Test
    void parseOrigin_upperHalfOfTheAddresses_isUnsigned() {
        assertEquals(Optional.of("[vsyscall]+0x8"), origin(0xffffffffff600008L));
    }

    @Test
    void parseOrigin_endOfAMapping_isOutside() {
        assertEquals(Optional.empty(), origin(0x7f21a2d8d000L));
    }
}

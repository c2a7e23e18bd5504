package io.sandbox.recorder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {
    /** From /proc/self/maps of cat(1), Debian 12, kernel 6.18, shortened. */
    private static final List<String> MAPS =
            List.of(
                    "55d0c8a00000-55d0c8a02000 r--p 00000000 fe:00 1234                       "
                            + "/usr/bin/cat",
                    "55d0c8a02000-55d0c8a07000 r-xp 00002000 fe:00 1234                       "
                            + "/usr/bin/cat",
                    "55d0ca000000-55d0ca021000 rw-p 00000000 00:00 0                         "
                            + " [heap]",
                    "7f0000000000-7f0000010000 r-xp 00000000 00:00 0 ",
                    "7f0000100000-7f0000200000 r-xp 00026000 fe:00 99                         "
                            + "/usr/lib/a b.so",
                    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  "
                            + "[vsyscall]");

    @ParameterizedTest
    @CsvSource({
        "55d0c8a02000, cat+0x2000",
        "55d0c8a06fff, cat+0x6fff",
        "55d0c8a07000, ",
        "7f0000000010, ",
        "7f0000100001, a b.so+0x26001",
        "ffffffffff600010, [vsyscall]+0x10",
        "0, "
    })
    void parseSite_isTheOffsetInTheFile(String address, String site) {
        assertEquals(
                Optional.ofNullable(site),
                Caller.parseSite(MAPS, Long.parseUnsignedLong(address, 16)));
    }
}

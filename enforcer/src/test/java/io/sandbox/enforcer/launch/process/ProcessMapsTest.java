// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What /proc says. */
final class ProcessMapsTest {
    private static final String MAPS =
            """
            55d0c6b2c000-55d0c6b2e000 r--p 00000000 fe:00 1046                       /usr/bin/a b
            7f21a2c00000-7f21a2c28000 r--p 00000000 fe:00 2921                       /usr/lib/libc.so.6
            7f21a2c28000-7f21a2d8d000 r-xp 00028000 fe:00 2921                       /usr/lib/libc.so.6
            7f21a2e00000-7f21a2e01000 rwxp 00000000 00:00 0\s
            7ffe1a9f9000-7ffe1a9fb000 r-xp 00000000 00:00 0                          [vdso]
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
            """;

    /** Code has its offset in its file; the end of a mapping is outside. */
    @Table
    void parseOrigin_isThePlaceInTheFile(String address, String origin) {
        Optional<Origin> found = ProcessMaps.parseOrigin(MAPS, Long.parseUnsignedLong(address, 16));
        assertEquals(origin, found.map(Origin::toString).orElse("none"));
    }

    @Test
    void parseCode_isEachFileThatIsExecutable() {
        assertEquals(List.of("/usr/lib/libc.so.6"), ProcessMaps.parseCode(MAPS + MAPS));
    }

    @Test
    void queryCode_nameThatIsNotUtf8_hidesNoOther(@TempDir Path folder) throws Exception {
        String library =
                ProcessMaps.parseCode(Files.readString(Path.of("/proc/self/maps"))).stream()
                        .filter(file -> file.endsWith("/libm.so.6"))
                        .findFirst()
                        .orElseThrow();
        String script =
                "name=$(printf 'x\\377'); cp \"$1\" \"$name\"; LD_PRELOAD=./$name exec sleep 60";
        Process sleep =
                new ProcessBuilder("sh", "-c", script, "sh", library)
                        .directory(folder.toFile())
                        .start();
        try {
            List<String> code = List.of();
            long latest = System.nanoTime() + 10_000_000_000L;
            while (code.size() < 3 && System.nanoTime() < latest) {
                Path executable = Files.readSymbolicLink(Path.of("/proc/" + sleep.pid(), "exe"));
                if (executable.endsWith("sleep")) {
                    code =
                            ProcessMaps.queryCode(
                                    (int) sleep.pid(),
                                    executable.toString(),
                                    System.currentTimeMillis());
                }
                Thread.sleep(10);
            }
            assertTrue(code.stream().anyMatch(file -> file.endsWith("/libc.so.6")), "" + code);
            assertTrue(code.stream().anyMatch(file -> file.endsWith("/x\ufffd")), "" + code);
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    void parseBoundingSet_bits_areNames() {
        String status = "Name:\tsh\nCapEff:\tffffffffffffffff\nCapBnd:\t0000010000200001\n";
        assertEquals(
                Set.of("CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_CHECKPOINT_RESTORE"),
                HostCircumstances.parseBoundingSet(status));
    }

    @Test
    void parseBoundingSet_withoutIt_isRefused() {
        assertThrows(
                IllegalStateException.class,
                () -> HostCircumstances.parseBoundingSet("CapEff:\t0\n"));
    }

    @Table
    void parseRelease_whatDistributionsAdd_isCutOff(String release, String expected) {
        assertEquals(expected, HostCircumstances.parseRelease(release).toString());
    }

    @Test
    void parseRelease_nonsense_isRefused() {
        assertThrows(IllegalStateException.class, () -> HostCircumstances.parseRelease("six"));
    }
}

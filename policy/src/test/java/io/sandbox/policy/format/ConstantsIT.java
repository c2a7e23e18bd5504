// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares our values with the headers of this machine. */
class ConstantsIT {
    private static final List<String> HEADERS =
            List.of(
                    "stdio.h",
                    "sys/mman.h",
                    "fcntl.h",
                    "sys/socket.h",
                    "sched.h",
                    "sys/prctl.h",
                    "sys/ioctl.h",
                    "sys/stat.h",
                    "signal.h",
                    "time.h",
                    "linux/futex.h",
                    "linux/netlink.h",
                    "asm/termbits.h",
                    "linux/fs.h",
                    "linux/fscrypt.h");

    /** Names whose value depends on the architecture, and such as only the file has. */
    private static final List<String> OF_FILE =
            List.of(
                    "O_DIRECTORY",
                    "O_NOFOLLOW",
                    "O_DIRECT",
                    "FS_IOC_GETFLAGS",
                    "FS_IOC_SETFLAGS",
                    "BLKDISCARD",
                    "AF_X25",
                    "S_IFMT");

    private static String run(Path folder, String... words)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out;
    }

    @Test
    void all_values_areThoseOfTheHeaders(@TempDir Path folder)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/gcc"))) {
            if ("1".equals(System.getenv("REQUIRE_KERNEL_TESTS"))) {
                fail("needs gcc");
            }
            Assumptions.abort("needs gcc");
        }
        StringBuilder source = new StringBuilder("#define _GNU_SOURCE\n");
        HEADERS.forEach(header -> source.append("#include <" + header + ">\n"));
        source.append("int main(void)\n{\n");
        List<String> names = new ArrayList<>(Constants.all().keySet());
        names.addAll(OF_FILE);
        for (String name : names) {
            source.append("#ifdef ").append(name);
            source.append("\nprintf(\"%s %lld\\n\", \"").append(name);
            source.append("\", (long long)(").append(name).append("));\n#endif\n");
        }
        Files.writeString(folder.resolve("constants.c"), source.append("return 0;\n}\n"));
        run(folder, "/usr/bin/gcc", "-o", "constants", "constants.c");
        int found = 0;
        for (String line : run(folder, folder.resolve("constants").toString()).split("\n")) {
            String[] parts = line.split(" ");
            long expected =
                    Constants.valueOf(parts[0], SyscallDb.get().nativeArch().name()).orElseThrow();
            // An int with its highest bit set is negative in the header.
            long value = Long.parseLong(parts[1]);
            assertTrue(
                    value == expected || (value & 0xffffffffL) == expected,
                    parts[0] + ": " + value + " and not " + expected);
            found++;
        }
        assertTrue(found > names.size() * 9 / 10, "only " + found + " are known here");
    }
}

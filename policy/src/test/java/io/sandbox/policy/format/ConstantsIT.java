// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares our values with the headers of this machine. */
class ConstantsIT {
    private static final List<String> HEADERS =
            List.of(
                    """
                    stdio.h sys/mman.h fcntl.h sys/socket.h sched.h sys/prctl.h sys/ioctl.h
                    sys/stat.h signal.h time.h linux/futex.h linux/netlink.h asm/termbits.h
                    linux/fs.h linux/fscrypt.h
                    """
                            .split("\\s"));

    /** The headers of the classes of calls, besides these. */
    private static final List<String> OF_CLASSES =
            List.of(
                    """
                    netinet/tcp.h linux/ptrace.h linux/personality.h sys/ipc.h sys/shm.h
                    linux/memfd.h linux/keyctl.h linux/seccomp.h linux/bpf.h linux/io_uring.h
                    linux/netfilter_ipv4/ip_tables.h
                    """
                            .split("\\s"));

    /** Names whose value depends on the architecture, and such as only the file has. */
    private static final List<String> OF_FILE =
            List.of(
                    """
                    O_DIRECTORY O_NOFOLLOW O_DIRECT FS_IOC_GETFLAGS FS_IOC_SETFLAGS BLKDISCARD
                    AF_X25 S_IFMT
                    """
                            .split("\\s"));

    private static String run(Path folder, String... words) throws Exception {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out;
    }

    /** What a C program prints for each name that the headers have: the name and its value. */
    private static List<String[]> values(Path folder, List<String> headers, Iterable<String> names)
            throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/gcc"))) {
            if ("1".equals(System.getenv("REQUIRE_KERNEL_TESTS"))) {
                fail("needs gcc");
            }
            Assumptions.abort("needs gcc");
        }
        StringBuilder source = new StringBuilder("#define _GNU_SOURCE\n");
        headers.forEach(header -> source.append("#include <" + header + ">\n"));
        source.append("int main(void)\n{\n");
        for (String name : names) {
            // Names of an enum cannot be asked for.
            boolean isEnum = name.matches("(BPF|IORING|ADDR|READ)_.*");
            source.append(isEnum ? "#if 1\n" : "#ifdef " + name + "\n");
            source.append("printf(\"%s %lld\\n\", \"").append(name);
            source.append("\", (long long)(").append(name).append("));\n#endif\n");
        }
        Files.writeString(folder.resolve("constants.c"), source.append("return 0;\n}\n"));
        run(folder, "/usr/bin/gcc", "-o", "constants", "constants.c");
        return run(folder, folder.resolve("constants").toString())
                .lines()
                .map(line -> line.split(" "))
                .toList();
    }

    @Test
    void callClasses_values_areThoseOfTheHeaders(@TempDir Path folder) throws Exception {
        String arch = SyscallDb.get().nativeArch().name();
        Map<String, Long> expected = new TreeMap<>();
        for (CallClass each : SyscallDb.get().callClasses()) {
            for (CallClass.Value value : each.values()) {
                if (each.arches().contains(arch) && !value.name().isEmpty()) {
                    assertEquals(
                            value.value(),
                            expected.computeIfAbsent(value.name(), name -> value.value()),
                            value.name());
                }
            }
        }
        List<String> headers = new ArrayList<>(HEADERS);
        headers.addAll(OF_CLASSES);
        Set<String> missing = new TreeSet<>(expected.keySet());
        for (String[] parts : values(folder, headers, expected.keySet())) {
            assertEquals(expected.get(parts[0]), Long.parseLong(parts[1]), parts[0]);
            missing.remove(parts[0]);
        }
        assertTrue(missing.size() < expected.size() / 10, missing::toString);
    }

    @Test
    void all_values_areThoseOfTheHeaders(@TempDir Path folder) throws Exception {
        List<String> names = new ArrayList<>(ConstantNames.shown().keySet());
        names.addAll(OF_FILE);
        int found = 0;
        for (String[] parts : values(folder, HEADERS, names)) {
            long expected =
                    ConstantNames.lookUp(SyscallDb.get().nativeArch().name(), parts[0])
                            .orElseThrow();
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

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Finds the file that the code at an address comes from, in /proc/PID/maps (proc(5)). */
public final class ProcessMaps {
    /** The error of start times, which are counted in clock ticks, and of the kernel's clock. */
    private static final long CLOCK_ERROR_MILLIS = 30;

    private ProcessMaps() {}

    /**
     * The code that made a call; empty if its process has ended or has executed another program
     * since.
     *
     * @param instruction the address after the instruction that made the call
     * @param executable the path of the program that made the call
     * @param timeMillis when the call was made, in ms since the epoch
     */
    public static Optional<Origin> queryOrigin(
            int pid, long instruction, String executable, long timeMillis) {
        Path process = Path.of("/proc/" + pid);
        try {
            if (!isSameProgram(process, pid, executable, timeMillis)) {
                return Optional.empty();
            }
            String maps = Files.readString(process.resolve("maps"), StandardCharsets.ISO_8859_1);
            return isSameProgram(process, pid, executable, timeMillis)
                    ? parseOrigin(maps, instruction)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The files that are mapped as code; none if the process has ended or has executed another
     * program since.
     *
     * @param executable the path of the program that the process executes
     * @param timeMillis when it did, in ms since the epoch
     */
    public static List<String> queryCode(int pid, String executable, long timeMillis) {
        Path process = Path.of("/proc/" + pid);
        try {
            // Not readString, which fails if one of the names is no UTF-8.
            byte[] text = Files.readAllBytes(process.resolve("maps"));
            String maps = new String(text, StandardCharsets.UTF_8);
            return isSameProgram(process, pid, executable, timeMillis)
                    ? parseCode(maps)
                    : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The paths of executable mappings, each once. */
    static List<String> parseCode(String maps) {
        Set<String> files = new LinkedHashSet<>();
        for (String line : maps.split("\n")) {
            String[] fields = line.split(" +", 6);
            if (fields.length == 6 && fields[1].contains("x") && fields[5].startsWith("/")) {
                files.add(fields[5]);
            }
        }
        return List.copyOf(files);
    }

    private static boolean isSameProgram(Path process, int pid, String executable, long timeMillis)
            throws IOException {
        OptionalLong start = ProcessAge.queryStartMillis(pid);
        return Files.readSymbolicLink(process.resolve("exe")).toString().equals(executable)
                && start.isPresent()
                && start.getAsLong() <= timeMillis + CLOCK_ERROR_MILLIS;
    }

    /**
     * A line is {@code START-END PERMISSIONS OFFSET DEVICE INODE PATH}, numbers in hex; the path
     * may hold blanks, and is absent for memory without a file.
     *
     * @param address unsigned
     */
    static Optional<Origin> parseOrigin(String maps, long address) {
        for (String line : maps.split("\n")) {
            String[] fields = line.split(" +", 6);
            int dash = fields[0].indexOf('-');
            if (fields.length < 5 || dash < 0) {
                continue;
            }
            long start = Long.parseUnsignedLong(fields[0], 0, dash, 16);
            long end = Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16);
            boolean inside =
                    Long.compareUnsigned(start, address) <= 0
                            && Long.compareUnsigned(address, end) < 0;
            if (inside) {
                boolean named = fields.length == 6 && !fields[5].isEmpty();
                long offset = address - start + Long.parseUnsignedLong(fields[2], 16);
                return Optional.of(new Origin(named ? fields[5] : "[anonymous]", offset));
            }
        }
        return Optional.empty();
    }
}

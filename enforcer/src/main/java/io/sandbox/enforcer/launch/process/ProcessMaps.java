// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import io.sandbox.syscalldb.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the file that the code at an address comes from, in /proc/PID/maps (proc(5)). */
public final class ProcessMaps {
    /** The error of start times, which are counted in clock ticks, and of the kernel's clock. */
    private static final long CLOCK_ERROR_MILLIS = 30;

    private ProcessMaps() {}

    /**
     * The code that made a call; empty if its process has ended or executed another program.
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
     * The files mapped as code; none if the process has ended or executed another program.
     *
     * @param executable the path of the program that the process executes
     * @param timeMillis when it did, in ms since the epoch
     */
    public static List<String> queryCode(int pid, String executable, long timeMillis) {
        Path process = Path.of("/proc/" + pid);
        try {
            // Not readString, which fails if one of the names is no UTF-8.
            byte[] text = Files.readAllBytes(process.resolve("maps"));
            return isSameProgram(process, pid, executable, timeMillis)
                    ? parseCode(new String(text, StandardCharsets.UTF_8))
                    : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The paths of executable mappings, each once. */
    static List<String> parseCode(String maps) {
        return Mapping.parse(maps)
                .filter(mapping -> mapping.permissions().contains("x") && mapping.isFile())
                .map(Mapping::path)
                .distinct()
                .toList();
    }

    private static boolean isSameProgram(Path process, int pid, String executable, long timeMillis)
            throws IOException {
        OptionalLong start = ProcessAge.queryStartMillis(pid);
        return Files.readSymbolicLink(process.resolve("exe")).toString().equals(executable)
                && start.isPresent()
                && start.getAsLong() <= timeMillis + CLOCK_ERROR_MILLIS;
    }

    /** {@code address} is unsigned. */
    static Optional<Origin> parseOrigin(String maps, long address) {
        return Mapping.parse(maps)
                .filter(mapping -> mapping.contains(address))
                .findFirst()
                .map(
                        mapping ->
                                new Origin(
                                        mapping.path().isEmpty() ? "[anonymous]" : mapping.path(),
                                        address - mapping.start() + mapping.offset()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The start time of a process. */
public interface ProcessAge {
    /** In ms since the epoch, with an error of about 20 ms; empty if there is no such process. */
    OptionalLong startMillis(int pid);

    /** Computed from clock ticks, which are 10 ms in /proc (proc(5)). */
    static OptionalLong queryStartMillis(int pid) {
        OptionalLong ticks = queryStartTicks(pid);
        if (ticks.isEmpty()) {
            return ticks;
        }
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"));
            long bootMillis =
                    System.currentTimeMillis()
                            - (long) (Double.parseDouble(uptime.split(" ")[0]) * 1000);
            return OptionalLong.of(bootMillis + ticks.getAsLong() * 10);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * In clock ticks since boot, which never change for a process: field 22 of /proc/PID/stat
     * (proc(5)). Empty if there is no such process.
     */
    static OptionalLong queryStartTicks(int pid) {
        try {
            String stat =
                    Files.readString(
                            Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return OptionalLong.of(parseStartTicks(stat));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Counts fields from the end of the second, the command's name in parentheses, which may hold
     * anything.
     */
    static long parseStartTicks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[22 - 3]);
    }
}

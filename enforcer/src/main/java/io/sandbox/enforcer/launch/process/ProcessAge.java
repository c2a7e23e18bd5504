// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import java.io.IOException;
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

    /** In clock ticks since boot, which never change; empty if there is no such process. */
    static OptionalLong queryStartTicks(int pid) {
        try {
            return OptionalLong.of(ProcessStat.query(pid).number(ProcessStat.STARTTIME));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}

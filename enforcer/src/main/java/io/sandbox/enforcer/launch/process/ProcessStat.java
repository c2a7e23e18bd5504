// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The fields of /proc/PID/stat, by their numbers in proc_pid_stat(5). */
public final class ProcessStat {
    public static final int STATE = 3;
    public static final int PGRP = 5;
    public static final int TPGID = 8;
    public static final int STARTTIME = 22;
    public static final int EXIT_CODE = 52;

    private final String[] fields;

    private ProcessStat(String[] fields) {
        this.fields = fields;
    }

    public static ProcessStat query(int process) throws IOException {
        return parse(
                Files.readString(
                        Path.of("/proc/" + process + "/stat"), StandardCharsets.ISO_8859_1));
    }

    /** The command's name, in parentheses, may hold anything. So fields count from its end. */
    public static ProcessStat parse(String line) {
        return new ProcessStat(line.substring(line.lastIndexOf(')') + 2).strip().split(" "));
    }

    public String text(int field) {
        return fields[field - STATE];
    }

    public long number(int field) {
        return Long.parseLong(text(field));
    }
}

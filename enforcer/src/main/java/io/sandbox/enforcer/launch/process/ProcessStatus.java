// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A thread's fields in /proc/PID/status (proc(5)); none if it is gone or not ours to read. */
public record ProcessStatus(String text) {
    public static ProcessStatus query(int thread) {
        try {
            return new ProcessStatus(
                    Files.readString(
                            directory(thread).resolve("status"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new ProcessStatus("");
        }
    }

    /** The path of the thread's executable; empty if we may not see it. */
    public static Optional<String> queryExecutable(int thread) {
        try {
            return Optional.of(Files.readSymbolicLink(directory(thread).resolve("exe")).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** By what words it was started; none where we may not see them. */
    public static List<String> queryWords(int process) {
        try {
            String words =
                    Files.readString(
                            directory(process).resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return words.isEmpty() ? List.of() : List.of(words.split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * What tells the program that a thread executes from one that was executed before: the file,
     * and where its auxiliary vector is. Where we may see none of it, the text is the same.
     */
    public static String queryImage(int thread) {
        Path directory = directory(thread);
        String image = queryExecutable(thread).orElse("");
        try {
            // Random with each execution, where the kernel places programs at random.
            return image + " " + Arrays.hashCode(Files.readAllBytes(directory.resolve("auxv")));
        } catch (IOException e) {
            return image;
        }
    }

    /** Whether others have its terminal now, such as the shell after Ctrl-Z, if we may see. */
    public static boolean queryInBackground(int process) {
        try {
            ProcessStat stat = ProcessStat.query(process);
            long foreground = stat.number(ProcessStat.TPGID);
            return foreground > 0 && foreground != stat.number(ProcessStat.PGRP);
        } catch (IOException e) {
            return false;
        }
    }

    public static Stream<Integer> queryOfSession(long session) {
        return ProcessHandle.allProcesses()
                .map(process -> (int) process.pid())
                .filter(process -> isOfSession(process, Long.toString(session)));
    }

    private static boolean isOfSession(int process, String session) {
        try {
            return Files.readString(directory(process).resolve("sessionid")).equals(session);
        } catch (IOException e) {
            return false;
        }
    }

    public static Path directory(int thread) {
        return Path.of("/proc", Integer.toString(thread));
    }

    /** The thread group. */
    public OptionalInt process() {
        return processNumber("Tgid:");
    }

    /** The parent process; 0 if it is outside of our PID namespace. */
    public OptionalInt parent() {
        return processNumber("PPid:");
    }

    /** How many seccomp filters it has; empty if the kernel does not count them. */
    public OptionalInt filters() {
        return processNumber("Seccomp_filters:");
    }

    /** Who traces it; 0 if nobody does. */
    public OptionalInt tracer() {
        return processNumber("TracerPid:");
    }

    /** SECCOMP_MODE_*: 0 disabled, 1 strict, 2 filter. */
    public OptionalInt seccompMode() {
        return processNumber("Seccomp:");
    }

    /** Whether it has this capability now, by its number of linux/capability.h. */
    public boolean hasCapability(int capability) {
        return (number("CapEff:", 16).orElse(0L) >>> capability & 1) != 0;
    }

    /** The name of the command, cut after 15 letters; empty if that is not known. */
    public String command() {
        return text.lines().findFirst().map(line -> line.replace("Name:\t", "")).orElse("");
    }

    /**
     * The signals that it handles, a bit for each; none if it ended and its parent did not wait.
     */
    public long handled() {
        return text.contains("\nState:\tZ") ? 0 : number("SigCgt:", 16).orElse(0L);
    }

    /** Whether this signal would end the process: it is neither blocked nor caught nor ignored. */
    boolean diesOf(int signal) {
        long handled =
                number("SigBlk:", 16).orElse(-1L)
                        | number("SigIgn:", 16).orElse(-1L)
                        | number("SigCgt:", 16).orElse(-1L);
        return (handled >>> (signal - 1) & 1) == 0;
    }

    private OptionalInt processNumber(String name) {
        Optional<Long> number = number(name, 10);
        return number.isPresent() ? OptionalInt.of(number.get().intValue()) : OptionalInt.empty();
    }

    private Optional<Long> number(String name, int radix) {
        // The first line is the command's name, in which a newline is written as \\n.
        int line = text.indexOf("\n" + name);
        if (line < 0) {
            return Optional.empty();
        }
        int start = line + 1 + name.length();
        String digits = text.substring(start, text.indexOf('\n', start)).strip();
        return Optional.of(Long.parseUnsignedLong(digits, radix));
    }
}

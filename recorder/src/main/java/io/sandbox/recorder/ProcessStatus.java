package io.sandbox.recorder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What /proc/PID/status (proc(5)) says of a thread; nothing if it is gone or may not be read. */
final class ProcessStatus {
    private final List<String> lines;

    private ProcessStatus(List<String> lines) {
        this.lines = lines;
    }

    static ProcessStatus query(int thread) {
        try {
            return new ProcessStatus(
                    Files.readAllLines(
                            directory(thread).resolve("status"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new ProcessStatus(List.of());
        }
    }

    /** The path of its executable; empty where we may not see it. */
    static Optional<String> queryExecutable(int thread) {
        try {
            return Optional.of(Files.readSymbolicLink(directory(thread).resolve("exe")).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Path directory(int thread) {
        return Path.of("/proc", Integer.toString(thread));
    }

    /** The thread group. */
    OptionalInt process() {
        Optional<Long> number = number("Tgid:", 10);
        return number.isPresent() ? OptionalInt.of(number.get().intValue()) : OptionalInt.empty();
    }

    /** Whether this signal would end it: neither blocked nor caught nor ignored. */
    boolean diesOf(int signal) {
        long handled =
                number("SigBlk:", 16).orElse(-1L)
                        | number("SigIgn:", 16).orElse(-1L)
                        | number("SigCgt:", 16).orElse(-1L);
        return (handled >>> (signal - 1) & 1) == 0;
    }

    private Optional<Long> number(String name, int radix) {
        for (String line : lines) {
            if (line.startsWith(name)) {
                String digits = line.substring(name.length()).strip();
                return Optional.of(Long.parseUnsignedLong(digits, radix));
            }
        }
        return Optional.empty();
    }
}

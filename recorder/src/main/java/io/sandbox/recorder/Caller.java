package io.sandbox.recorder;

import io.sandbox.recorder.evidence.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What /proc says about the process that makes a call. Its number may have been reused: whether it
 * is the caller's must be found out afterwards.
 *
 * @param process the thread group
 * @param diesOfSigsys whether SIGSYS would end it: neither blocked nor caught nor ignored
 * @param executable its path; empty where we may not see it
 * @param origin where its code is that makes the call; empty where it cannot be known
 */
record Caller(
        int process, boolean diesOfSigsys, Optional<String> executable, Optional<Origin> origin) {
    static final int SIGSYS = 31;

    private static final long SIGSYS_BIT = 1L << (SIGSYS - 1);

    /**
     * @param instruction an address in the thread's code
     */
    static Caller query(int thread, long instruction) {
        Path proc = Path.of("/proc", Integer.toString(thread));
        List<String> status = lines(proc.resolve("status"));
        long process = number(status, "Tgid:", 10).orElse((long) thread);
        long handled =
                number(status, "SigBlk:", 16).orElse(-1L)
                        | number(status, "SigIgn:", 16).orElse(-1L)
                        | number(status, "SigCgt:", 16).orElse(-1L);
        return new Caller(
                (int) process,
                (handled & SIGSYS_BIT) == 0,
                link(proc.resolve("exe")),
                ProcessMaps.parseOrigin(
                        String.join("\n", lines(proc.resolve("maps"))), instruction));
    }

    private static Optional<Long> number(List<String> status, String name, int radix) {
        for (String line : status) {
            if (line.startsWith(name)) {
                String digits = line.substring(name.length()).strip();
                return Optional.of(Long.parseUnsignedLong(digits, radix));
            }
        }
        return Optional.empty();
    }

    /** None if it may not be read, or is gone. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<String> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

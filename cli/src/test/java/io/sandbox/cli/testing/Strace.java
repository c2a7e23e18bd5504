// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The independent observer: what strace sees of a program and its descendants after the library has
 * loaded its filter, which allows everything, as while learning.
 */
public final class Strace {
    /**
     * {@code PID name(...}; continued calls ({@code PID <... name resumed>}) were counted when they
     * began.
     */
    private static final Pattern CALL = Pattern.compile("\\d+ +([a-z0-9_]+)\\(.*");

    private static final Pattern FILTER_LOADED =
            Pattern.compile("\\d+ +seccomp\\(SECCOMP_SET_MODE_FILTER, .*\\) += 0");

    /** strace writes a call that it does not know as {@code syscall_0x1d6}. */
    private static final Pattern UNKNOWN = Pattern.compile("syscall_0x([0-9a-f]+)");

    private Strace() {}

    /** The observed calls, and the result of the program. */
    public record Observed(Set<String> calls, Finished run) {}

    public static Observed program(
            List<String> program, Map<String, String> environment, Path folder)
            throws IOException, InterruptedException {
        return program(List.of(), program, environment, folder);
    }

    /**
     * @param prefix words before strace
     */
    public static Observed program(
            List<String> prefix, List<String> program, Map<String, String> environment, Path folder)
            throws IOException, InterruptedException {
        Path traces = Files.createTempDirectory("sandbox-it");
        Learn.open(traces);
        Path trace = traces.resolve("trace");
        try {
            Finished run =
                    Child.of(
                                    "%s %s -f -qq -e signal=none -o %s -E %s -E"
                                        + " SECCOMP_SYSCALL_ALLOW= -E SECCOMP_DEFAULT_ACTION=log -E"
                                        + " SECCOMP_QUIET=1 -- %s",
                                    prefix,
                                    LiveKernel.requireProgram("strace"),
                                    trace,
                                    "LD_PRELOAD=" + Dist.library(),
                                    program)
                            .with(environment)
                            .in(folder)
                            .run();
            return new Observed(parse(Files.readAllLines(trace, ISO_8859_1)), run);
        } finally {
            Files.deleteIfExists(trace);
            Files.deleteIfExists(traces);
        }
    }

    /**
     * The program loads the library before it has threads or children, so all lines after the load
     * count.
     */
    static Set<String> parse(List<String> lines) {
        Set<String> calls = new TreeSet<>();
        boolean loaded = false;
        for (String line : lines) {
            Matcher call = CALL.matcher(line);
            if (loaded && call.matches()) {
                calls.add(name(call.group(1)));
            }
            loaded |= FILTER_LOADED.matcher(line).matches();
        }
        assertTrue(loaded, "strace saw no filter loaded");
        assertFalse(calls.isEmpty(), "strace saw no call");
        return calls;
    }

    /**
     * On x86_64 strace's names are the kernel's; on other architectures too, except what it does
     * not know.
     */
    private static String name(String straceName) {
        Matcher unknown = UNKNOWN.matcher(straceName);
        if (!unknown.matches()) {
            return straceName;
        }
        int number = Integer.parseInt(unknown.group(1), 16);
        SyscallDb db = SyscallDb.get();
        return db.table(db.nativeArch())
                .byNumber(number)
                .map(Syscall::name)
                .orElse(Integer.toString(number));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the parser alone on 100 MB of a log in memory: {@code scripts/bench/parser [FILE]} runs
 * it and shows bytes per second, and bytes allocated per line.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class LogScannerBenchmark {

    private static final int LIMIT = 100_000_000;

    /** A log, or {@code mixed} for one made here. */
    @Param("mixed")
    public String file = "mixed";

    private final LogScanner scanner = new LogScanner();
    private byte[] log = {};

    @Setup
    public void setUp() throws IOException {
        if (file.equals("mixed")) {
            use(MixedLog.of(LIMIT / 320));
        } else {
            try (InputStream in = new FileInputStream(file)) {
                use(in.readNBytes(LIMIT));
            }
        }
        int lines = 0;
        for (byte b : log) {
            lines += b == '\n' ? 1 : 0;
        }
        System.out.println("bytes: " + log.length + ", lines: " + lines);
    }

    void use(byte[] bytes) {
        log = bytes;
    }

    /** The sum of the system call numbers, after reading every field. */
    @Benchmark
    public long scan() {
        long sum = 0;
        scanner.reset(log, 0, log.length);
        while (scanner.next()) {
            if (scanner.outcome() == ParseOutcome.RECORD) {
                sum += scanner.parser().record().syscall();
            }
        }
        return sum;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogScannerBenchmarkTest {

    @Test
    void scan_mixedLog_addsUpEveryRecord() {
        LogScannerBenchmark benchmark = new LogScannerBenchmark();
        benchmark.use(MixedLog.of(10_000));
        assertEquals(IntStream.range(0, 5_000).map(MixedLog::syscall).sum(), benchmark.scan());
    }
}

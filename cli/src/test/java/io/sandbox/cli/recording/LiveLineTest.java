// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.cli.output.Console;
import io.sandbox.evidence.Progress;
import io.sandbox.syscalldb.ObservedCall;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Standard error is a file here, as in continuous integration. */
final class LiveLineTest {
    private long seconds;

    private record Counts(long records, int callCount) implements Progress {
        @Override
        public Optional<ObservedCall> lastCall() {
            return Optional.empty();
        }
    }

    private String said(boolean ofSeveral) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true));
        try {
            LiveLine line = new LiveLine(new Console("learn"), () -> seconds * 1_000_000_000);
            if (ofSeveral) {
                line.expects(100_000);
            }
            for (int i = 0; i < 120; i++) {
                seconds++;
                line.update(new Counts(i, 1), () -> 0);
            }
        } finally {
            System.setErr(before);
        }
        return said.toString();
    }

    @Test
    void series_isSaidToGoOn_eachMinute() {
        String expected =
                """
                learn: still recording: run 1, 60 s so far, some 40 s left
                learn: still recording: run 1, 120 s so far
                """;
        assertEquals(expected, said(true));
    }

    @Test
    void oneRun_saysNothing_howeverLongItTakes() {
        assertEquals("", said(false));
    }
}

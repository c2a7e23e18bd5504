// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

final class ExitCodesTest {
    @Test
    void ofWaitStatus_exited_isItsStatus() {
        assertEquals(0, ExitCodes.ofWaitStatus(0));
        assertEquals(255, ExitCodes.ofWaitStatus(255 << 8));
    }

    @Test
    void ofWaitStatus_killedBySignal_is128More() {
        assertEquals(137, ExitCodes.ofWaitStatus(9));
        assertEquals(159, ExitCodes.ofWaitStatus(31 | 0x80), "SIGSYS with a core dump");
    }

    /** A damaged gzip header gives an exception without a message. */
    @Test
    void reason_failureWithoutWords_hasWords() {
        assertEquals("it ends too early", FileFailure.reason(new EOFException()));
        assertEquals("IOException", FileFailure.reason(new IOException()));
        assertEquals("x", FileFailure.reason(new IOException("x")));
        assertEquals("Is full", FileFailure.reason(new FileSystemException("f", null, "Is full")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.outcome;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class FileFailureTest {
    /** A damaged gzip header gives an exception without a message. */
    @Test
    void reason_failureWithoutWords_hasWords() {
        assertEquals("it ends too early", FileFailure.reason(new EOFException()));
        assertEquals("IOException", FileFailure.reason(new IOException()));
        assertEquals("x", FileFailure.reason(new IOException("x")));
        assertEquals("Is full", FileFailure.reason(new FileSystemException("f", null, "Is full")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;

class CriLineTest {
    @Table
    void textAt_isBehindTheHead(String line, String text) {
        byte[] bytes = (">>" + line).getBytes(US_ASCII);
        int at = CriLine.textAt(bytes, 2, bytes.length);
        assertEquals(text, at < 0 ? "none" : line.substring(at - 2));
    }
}

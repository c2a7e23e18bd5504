// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import org.junit.jupiter.api.Test;

/** Lines around records. */
final class LossLineTest {
    private final LossLine loss = new LossLine();

    /** The kind, the count and the message; none if the line is about no loss. */
    private String parsed(String line) {
        byte[] bytes = line.getBytes(US_ASCII);
        int end = bytes.length;
        if (!loss.parse(bytes, 0, line.indexOf("audit"), end)) {
            return "none";
        }
        return loss.kind() + " " + loss.count() + " " + line.substring(loss.start());
    }

    @Table
    void parse_messageOfALoss_isCounted(String message, String expected) {
        assertEquals(expected + " " + message, parsed(message));
        assertEquals(expected + " " + message, parsed("[ 12.3] " + message));
    }

    @Table
    void parse_otherText_isNoLoss(String line) {
        assertEquals("none", parsed(line));
    }

    /** What a program has written somewhere into a line is no message of the kernel. */
    @Table
    void parse_insideOfOtherText_isNoLoss(String before) {
        assertEquals("none", parsed(before + "audit: backlog limit exceeded"));
        assertEquals("none", parsed("x" + before + "audit_lost=1 x"));
    }

    @Table
    void parse_afterTheEndOfAHead_isALoss(String before) {
        assertEquals("LOST_TOTAL 1 audit_lost=1 x", parsed("x" + before + "audit_lost=1 x"));
    }

    /** No function of the kernel has a longer name. */
    @Test
    void parse_longNames_areNoFunctions() {
        String rest = ": 1 callbacks suppressed";
        String before = "a".repeat(64) + "audit" + rest;
        assertEquals("WARNINGS_SUPPRESSED 1 " + before, parsed(before));
        assertEquals("none", parsed("a" + before));
        String after = "audit" + "b".repeat(59) + rest;
        assertEquals("WARNINGS_SUPPRESSED 1 " + after, parsed(after));
        assertEquals("none", parsed("audit" + "b".repeat(60) + rest));
    }

    @Table
    void textAt_isBehindTheHead(String line, String text) {
        byte[] bytes = (">>" + line).getBytes(US_ASCII);
        int at = CriLine.textAt(bytes, 2, bytes.length);
        assertEquals(text, at < 0 ? "none" : line.substring(at - 2));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which messages of the kernel say that audit records were lost, and how many. */
class LossLineTest {
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audit: backlog limit exceeded|UNCOUNTED 0",
                "audit: rate limit exceeded|UNCOUNTED 0",
                "audit: out of memory in audit_log_start|UNCOUNTED 0",
                "audit: kauditd hold queue overflow|UNCOUNTED 0",
                "audit: kauditd retry queue overflow|UNCOUNTED 0",
                "audit_lost=12 audit_rate_limit=0|LOST_TOTAL 12",
                "audit_lost=4294967295 audit_rate_limit=0|LOST_TOTAL 4294967295",
                "audit_lost=12|UNCOUNTED 0",
                "audit_lost=0 audit_rate_limit=0|LOST_TOTAL 0",
                "audit_backlog=0 > audit_backlog_limit=0|UNCOUNTED 0",
                "audit_printk_skb: 0 callbacks suppressed|PRINTK_SUPPRESSED 0",
                "audit_backlog=65 > audit_backlog_limit=64|UNCOUNTED 0",
                "audit_printk_skb: 10 callbacks suppressed|PRINTK_SUPPRESSED 10",
                "kauditd_printk_skb: 1 callbacks suppressed|PRINTK_SUPPRESSED 1",
                "audit_log_start: 5 callbacks suppressed|WARNINGS_SUPPRESSED 5",
                "audit_printk_skb2: 5 callbacks suppressed|WARNINGS_SUPPRESSED 5"
            })
    void parse_messageOfALoss_isCounted(String message, String expected) {
        assertEquals(expected + " " + message, parsed(message));
        assertEquals(expected + " " + message, parsed("[ 12.3] " + message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit: type=1326 audit(1.002:3): pid=1",
                "audit: backlog limit exceede",
                "audit_lost=",
                "audit_lost=x audit_rate_limit=0",
                "audit_lost=4294967296 audit_rate_limit=0",
                "audit_backlog_limit=8192",
                "audit_backlog=65 > audit_rate_limit=64",
                "audit_backlog= > audit_backlog_limit=64",
                "audit_log_start:5 callbacks suppressed",
                "audit_log_start: callbacks suppressed",
                "audit_log_start: 5 callbacks suppresse",
                "audit_log_start; 5 callbacks suppressed",
                "audit_log_start:",
                "audit_log_start"
            })
    void parse_otherText_isNoLoss(String line) {
        assertEquals("none", parsed(line));
    }

    /** What a program has written somewhere into a line is no message of the kernel. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "\"", "=", ".", "-", "'", "(", "<", "\\", "k"})
    void parse_insideOfOtherText_isNoLoss(String before) {
        assertEquals("none", parsed(before + "audit: backlog limit exceeded"));
        assertEquals("none", parsed("x" + before + "audit_lost=1 x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", ";", ">", "#", "]", ":"})
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
}

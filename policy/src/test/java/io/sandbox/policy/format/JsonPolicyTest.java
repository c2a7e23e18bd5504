// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.RandomDocuments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of our own format, which users read and compare. */
final class JsonPolicyTest {
    private static PolicyDocument read(String text) {
        return PolicyFormat.JSON.read(text.getBytes(UTF_8)).document();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {
                  "sandboxPolicy": 1,
                  "comments": ["of the file"],
                  "default": "errno:EPERM",
                  "architecturesOf": {"x86_64": ["i386", "x32"]},
                  "missing": "ignore",
                  "log": true,
                  "foreign": "log",
                  "kernel": "6.12",
                  "listenerPath": "/run/a",
                  "listenerMetadata": "b",
                  "rules": [
                    {"call": "read", "if": ["arg0==1", "arg1&0x3==1"], "action": "allow", \
                "arches": ["x86_64"], "notArches": ["arm"], "caps": ["CAP_A"], \
                "notCaps": ["CAP_B"], "minKernel": "4.8", "belowKernel": "6.1", "reason": "why", \
                "comments": ["a", "b"]},
                    {"call": "500", "action": "kill"}
                  ]
                }
                """,
                """
                {
                  "sandboxPolicy": 1,
                  "default": "kill",
                  "architectures": ["i386"],
                  "kernel": "newest",
                  "rules": []
                }
                """,
            })
    void write_whatWasRead_isTheSameText(String text) {
        Writing writing = PolicyFormat.JSON.write(read(text), RandomDocuments.HERE);
        assertEquals(text, writing.text());
    }

    /** JSON decodes escapes in a comment, and what others read may be a terminal. */
    @Test
    void write_comments_arePrintableInAnyFormat() {
        String bad = "a\\u001b[2J\\tb\\u009b2J\\u202e\\n\\u2028c\u00e9";
        PolicyDocument document =
                read(
                        ("{\"sandboxPolicy\":1,\"comments\":[\"x\"],\"default\":\"kill\",\"rules\":["
                             + "{\"call\":\"read\",\"action\":\"allow\","
                             + "\"reason\":\"x\",\"comments\":[\"x\"]}]}")
                                .replace("\"x\"", "\"" + bad + "\""));
        for (PolicyFormat format : PolicyFormat.values()) {
            String text = format.write(document, RandomDocuments.HERE).text();
            assertTrue(
                    text.chars().allMatch(c -> c == '\n' || c >= ' ' && c <= '~' || c == 0xe9),
                    text);
        }
        PolicyDocument again = read(PolicyFormat.JSON.write(document, RandomDocuments.HERE).text());
        assertEquals(document.comments(), again.comments());
    }

    @Test
    void read_flags_areTrueOrFalse() {
        String policy = "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"log\": %s, \"rules\": []}";
        assertTrue(read(policy.formatted("true")).logDenials());
        assertFalse(read(policy.formatted("false")).logDenials());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'logs': true|unknown key logs",
                "'kernel': 'six'|kernel: six: not a kernel version",
                "'missing': 'what'|missing: neither refuse nor ignore",
                "'foreign': 'what'|foreign: neither log nor kill",
                "'architectures': ['arm'], 'architecturesOf': {'x86_64': []}|either architectures"
                        + " or architecturesOf",
            })
    void read_mistake_isRefused(String member, String expected) {
        String text = "{'sandboxPolicy': 1, 'default': 'kill', 'rules': [], " + member + "}";
        PolicyFormatException e =
                assertThrows(PolicyFormatException.class, () -> read(text.replace('\'', '"')));
        assertEquals("line 1: " + expected, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"32, true", "33, false"})
    void read_conditions_areLimited(int count, boolean allowed) {
        String rule =
                "{\"call\": \"read\", \"action\": \"allow\", \"if\": [\"arg0!=1\""
                        + ",\"arg0!=1\"".repeat(count - 1)
                        + "]}";
        String text = "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": [" + rule + "]}";
        if (allowed) {
            assertEquals(count, read(text).rules().get(0).conditions().size());
        } else {
            assertThrows(PolicyFormatException.class, () -> read(text));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ActionTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"allow", "notify", "kill", "log", "errno:EPERM", "errno:0", "trace:65535"})
    void format_isWhatParseReads(String text) {
        assertEquals(text, ActionText.format(ActionText.parse(text)));
    }

    /** The kernel has 16 bits for it (SECCOMP_RET_DATA). */
    @Test
    void parse_largestErrno_isKept() {
        assertEquals(Action.errno(65535), ActionText.parse("errno:65535"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", ":5", "trace", "trace:", "trace:x", "trace:65536", "errno:65536"})
    void parse_anythingElse_isRefused(String text) {
        assertThrows(PolicySyntaxException.class, () -> ActionText.parse(text));
    }
}

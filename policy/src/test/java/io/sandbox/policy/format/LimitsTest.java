// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.testing.Table;
import java.util.regex.Pattern;

/** How long and how deep conditions and values may be, so that any text is read in a short time. */
class LimitsTest {
    private static final Pattern REPEATED = Pattern.compile("<([0-9]+)\\*(.*?)>");

    private static String whole(String text) {
        return REPEATED.matcher(text)
                .replaceAll(part -> part.group(2).repeat(Integer.parseInt(part.group(1))));
    }

    /** In a text, {@code <3*TEXT>} is three times this text. */
    @Table
    void read_upToTheLimit_allows(String text, String call) {
        assertEquals("allow", ReadingTest.verdict(Policies.read(whole(text)), call));
    }

    @Table
    void read_beyondTheLimit_isRefused(String text, String reason) {
        String message = Policies.refusal(whole(text));
        assertTrue(message.contains(": " + reason), message);
    }
}

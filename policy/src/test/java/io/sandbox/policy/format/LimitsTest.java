// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.testing.Policies;
import org.junit.jupiter.api.Test;

/** How long and how deep conditions and values may be, so that any text is read in a short time. */
class LimitsTest {
    private static final String KAFEL = "ALLOW { write { %s } }";
    private static final String MANY = "more than 64 alternatives";
    private static final String DEEP = "nested too deeply";

    private static void assertAllowed(String call, String text) {
        assertEquals("allow", ReadingTest.verdict(Policies.read(text), call));
    }

    private static void assertRefused(String reason, String text) {
        String message = Policies.refusal(text);
        assertTrue(message.contains(": " + reason), message);
    }

    private static String bracketed(int depth, String open, String text, String close) {
        return open.repeat(depth) + text + close.repeat(depth);
    }

    @Test
    void kafel() {
        assertAllowed("write(1)", KAFEL.formatted("fd == 1 && ".repeat(40) + "fd == 1"));
        assertAllowed("write(3)", KAFEL.formatted("(fd & 1) == 1 && ".repeat(40) + "fd == 3"));
        assertAllowed("write(1)", KAFEL.formatted("!".repeat(30) + "fd == 1"));
        assertAllowed("write(2)", KAFEL.formatted("!".repeat(31) + "fd == 1"));
        assertRefused(DEEP, KAFEL.formatted("!".repeat(32) + "fd == 1"));
        assertAllowed("write(1)", KAFEL.formatted(bracketed(31, "(", "fd", ")") + " == 1"));
        assertRefused(DEEP, KAFEL.formatted(bracketed(32, "(", "fd", ")") + " == 1"));
        assertAllowed("write(1)", KAFEL.formatted("fd == 1" + " || fd == 1".repeat(63)));
        assertRefused(MANY, KAFEL.formatted("fd == 1" + " || fd == 1".repeat(64)));
        String bits = "(fd & 0xff) != 0xff";
        String other = bits.replace("fd", "count");
        assertRefused(MANY, KAFEL.formatted(bits + " && " + other + " && " + bits));
    }

    @Test
    void minijail() {
        assertAllowed("read(0)", "read: arg0 == 0" + " || arg0 == 0".repeat(63) + "\n");
        assertRefused(MANY, "read: arg0 == 0" + " || arg0 == 0".repeat(64) + "\n");
        assertAllowed("read(1)", "read: arg0 == " + bracketed(32, "(", "1", ")") + "\n");
    }

    @Test
    void conditionsOfARule() {
        String text =
                """
                {"sandboxPolicy": 1, "default": "kill",
                 "rules": [{"call": "read", "action": "allow", "if": ["arg0!=1"%s]}]}
                """;
        String more = ", \"arg0!=1\"";
        assertAllowed("read(0)", text.formatted(more.repeat(31)));
        assertRefused("rules[0]: more than 32 conditions", text.formatted(more.repeat(32)));
    }

    @Test
    void yaml() {
        String text = "kind: SeccompProfile\nspec:\n  defaultAction: SCMP_ACT_ALLOW\n  x-a: ";
        assertAllowed("read(0)", text + bracketed(62, "[", "", "]"));
        assertRefused(DEEP, text + bracketed(63, "[", "", "]"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

final class PolicyFormatExceptionTest {
    @Test
    void at_line_isNamedFirst() {
        PolicyFormatException plain = PolicyFormatException.at(3, "x: no call");
        assertEquals("line 3: x: no call", plain.getMessage());
        assertNull(plain.getCause());
        Throwable cause = new IllegalStateException();
        assertSame(cause, PolicyFormatException.at(3, "x", cause).getCause());
    }

    @Test
    void ofWhole_problem_hasNoLine() {
        assertEquals("empty", PolicyFormatException.ofWhole("empty").getMessage());
    }
}

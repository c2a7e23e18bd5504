// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import io.sandbox.text.ShownValue;
import java.util.Optional;

/**
 * Finds characters by which a person, our readers and the tool that enforces a policy could see
 * different lines: NUL bytes, a carriage return alone, and the other control characters.
 */
public final class PlainText {
    private PlainText() {}

    /** What is wrong with the first such character, with its line; empty if there is none. */
    public static Optional<String> problem(String text) {
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            } else if (c != '\t' && Character.isISOControl(c) && !endsLine(text, i)) {
                return Optional.of(
                        "line " + line + ": the control character " + ShownValue.of("" + c));
            }
        }
        return Optional.empty();
    }

    private static boolean endsLine(String text, int position) {
        return text.charAt(position) == '\r' && text.startsWith("\n", position + 1);
    }
}

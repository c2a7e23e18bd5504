// SPDX-License-Identifier: Apache-2.0
package io.sandbox.text;

import java.nio.charset.StandardCharsets;

/** Makes others' text safe for messages: one line, no terminal sequences, not too long. */
public final class ShownValue {
    private static final int LIMIT = 60; // bytes of the value
    private static final String HEX = "0123456789abcdef";

    private ShownValue() {}

    /**
     * The value in printable ASCII. Other bytes of its UTF-8 form, and the backslash, become {@code
     * \xNN}. An empty value becomes {@code ""}, and {@code ...} all beyond 60 bytes.
     */
    public static String of(String value) {
        if (value.isEmpty()) {
            return "\"\"";
        }
        StringBuilder shown = new StringBuilder();
        // Cut before anything else, since a list may be a megabyte.
        String start = value.substring(0, Math.min(value.length(), LIMIT + 1));
        byte[] bytes = start.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < Math.min(bytes.length, LIMIT); i++) {
            append(shown, bytes[i]);
        }
        return bytes.length > LIMIT ? shown.append("...").toString() : shown.toString();
    }

    private static void append(StringBuilder shown, byte b) {
        if (b >= ' ' && b <= '~' && b != '\\') {
            shown.append((char) b);
        } else {
            shown.append("\\x").append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
        }
    }
}

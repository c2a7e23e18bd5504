// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.sandbox.text.VisibleText;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes parts of JSON text. */
final class JsonText {
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        new String(JsonStringEncoder.getInstance().quoteAsString(text))
                .codePoints()
                .forEach(c -> append(out, c));
        return out.append('"').toString();
    }

    /** JSON would take these characters as they are, but a terminal could obey them. */
    private static void append(StringBuilder out, int c) {
        String text = Character.toString(c);
        if (c < 0x7f || VisibleText.of(text).equals(text)) {
            out.append(text);
            return;
        }
        text.chars().forEach(unit -> out.append(String.format("\\u%04X", unit)));
    }

    /** A list on one line. */
    static String list(Collection<String> texts) {
        return texts.stream().map(JsonText::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /** A value on one line, which YAML reads too. */
    static String line(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(each -> quoted((String) each.getKey()) + ": " + line(each.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonText::line).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? quoted(text) : value.toString();
    }

    /** A value of maps, lists, texts and numbers, with one line for each item of a list. */
    static String pretty(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value, "\n");
        return out.append('\n').toString();
    }

    private static void append(StringBuilder out, Object value, String newLine) {
        String inner = newLine + "  ";
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            String before = inner;
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.append(before).append(quoted((String) member.getKey())).append(": ");
                append(out, member.getValue(), inner);
                before = "," + inner;
            }
            out.append(map.isEmpty() ? "" : newLine).append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            String before = inner;
            for (Object item : list) {
                out.append(before);
                append(out, item, inner);
                before = "," + inner;
            }
            out.append(list.isEmpty() ? "" : newLine).append(']');
        } else {
            out.append(line(value));
        }
    }
}

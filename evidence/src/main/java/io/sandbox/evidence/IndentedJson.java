// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Writes JSON, a line for each member: a map, a collection, a number, a flag, or a text. */
public final class IndentedJson {
    private IndentedJson() {}

    /**
     * An object with its members in this order.
     *
     * @param members each name, and its value after it; an empty Optional leaves its member out
     */
    public static Map<String, Object> object(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            Object value = members[i + 1];
            if (value instanceof OptionalInt number) {
                value = number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
            } else if (value instanceof OptionalLong number) {
                value = number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
            }
            if (value instanceof Optional<?> maybe) {
                value = maybe.orElse(null);
            }
            if (value != null) {
                object.put((String) members[i], value);
            }
        }
        return object;
    }

    /** The text of a value, with a line feed at its end. */
    public static String write(Object value) {
        return write(value, true);
    }

    /** The text of objects whose arrays are on one line. */
    public static String writeRows(List<Map<String, Object>> rows) {
        return write(rows, false);
    }

    private static String write(Object value, boolean spreadsArrays) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            // A terminal may obey some of the others.
            json.setHighestNonEscapedChar('~');
            write(json, value, spreadsArrays);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return text.toString();
    }

    /** The text of a value in UTF-8, for a file: letters beyond ASCII stay as they are. */
    static byte[] bytes(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            write(json, value, true);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Object value, boolean spreadsArrays)
            throws IOException {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        if (spreadsArrays) {
            printer.indentArraysWith(lines);
        }
        json.setPrettyPrinter(printer.withObjectIndenter(lines));
        writeValue(json, value);
        json.writeRaw('\n');
    }

    /** Writes a value in the layout of the generator. */
    private static void writeValue(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> members) {
            json.writeStartObject();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                json.writeFieldName((String) member.getKey());
                writeValue(json, member.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Collection<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                writeValue(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(value.toString());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.text.ShownValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The fields of one JSON object, each asked for by name and type. A field that is missing, has
 * another type or was never asked for is an error, which names the field's place.
 */
public final class JsonFields {
    private static final JSON PARSER =
            JSON.builder().enable(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS).build();

    private final String place;
    private final Map<?, ?> fields;
    private final Set<String> asked = new HashSet<>();

    /**
     * @param place where the object is, as in {@code runs[0].machine}; empty for the whole text
     */
    JsonFields(String place, Object value) {
        this.place = place;
        if (!(value instanceof Map<?, ?> map)) {
            throw new RecordingFormatException(
                    (place.isEmpty() ? "the text" : place) + ": not a JSON object");
        }
        fields = map;
    }

    /**
     * Reads a whole file.
     *
     * @param text in UTF-8
     * @param reader makes a value of the object; all its fields must be asked for
     * @throws RecordingFormatException if the text is no JSON object, or the reader finds a mistake
     */
    public static <T> T read(byte[] text, Function<JsonFields, T> reader) {
        Object value;
        try {
            value = PARSER.anyFrom(text);
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
            throw new RecordingFormatException(line + ": not JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be read", e);
        }
        return new JsonFields("", value).readWhole(reader);
    }

    /** Requires the fields {@code format} and {@code version} of a file of ours. */
    public void requireFormat(String format, int newest) {
        if (!string("format").equals(format)) {
            throw new RecordingFormatException("format: not " + format);
        }
        long version = number("version", 1, Integer.MAX_VALUE);
        if (version > newest) {
            throw new RecordingFormatException(
                    "version: %s is of a newer sandbox; this one reads up to %s"
                            .formatted(version, newest));
        }
    }

    public String string(String name) {
        return optionalString(name).orElseThrow(() -> missing(name));
    }

    Optional<String> optionalString(String name) {
        return optional(name, String.class, "a string");
    }

    public boolean bool(String name) {
        return optional(name, Boolean.class, "true or false").orElseThrow(() -> missing(name));
    }

    long number(String name, long min, long max) {
        return optionalNumber(name, min, max).orElseThrow(() -> missing(name));
    }

    OptionalLong optionalNumber(String name, long min, long max) {
        Optional<Number> number = optional(name, Number.class, "a number");
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!(number.get() instanceof Integer || number.get() instanceof Long)
                || number.get().longValue() < min
                || number.get().longValue() > max) {
            throw bad(name, "not a whole number from " + min + " to " + max);
        }
        return OptionalLong.of(number.get().longValue());
    }

    public List<String> strings(String name) {
        List<String> result = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof String text)) {
                throw bad(name, "not an array of strings");
            }
            result.add(text);
        }
        return result;
    }

    Optional<List<String>> optionalStrings(String name) {
        return value(name).isPresent() ? Optional.of(strings(name)) : Optional.empty();
    }

    JsonFields object(String name) {
        return new JsonFields(path(name), value(name).orElseThrow(() -> missing(name)));
    }

    /** The object's value; all its fields must be asked for. */
    <T> Optional<T> optionalObject(String name, Function<JsonFields, T> reader) {
        return value(name).map(object -> new JsonFields(path(name), object).readWhole(reader));
    }

    /** Reads each object of an array; all fields of each must be asked for. */
    public <T> List<T> objects(String name, Function<JsonFields, T> reader) {
        List<T> result = new ArrayList<>();
        for (Object element : list(name)) {
            JsonFields object = new JsonFields(path(name) + "[" + result.size() + "]", element);
            result.add(object.readWhole(reader));
        }
        return result;
    }

    /** Makes the object's value, and checks that each of its fields was asked for. */
    <T> T readWhole(Function<JsonFields, T> reader) {
        T result;
        try {
            result = reader.apply(this);
        } catch (IllegalArgumentException e) {
            throw new RecordingFormatException(
                    (place.isEmpty() ? "" : place + ": ") + e.getMessage(), e);
        }
        for (Object name : fields.keySet()) {
            if (!asked.contains(name)) {
                throw bad(ShownValue.of(String.valueOf(name)), "no field of this version");
            }
        }
        return result;
    }

    private List<?> list(String name) {
        return optional(name, List.class, "an array").orElseThrow(() -> missing(name));
    }

    private <T> Optional<T> optional(String name, Class<T> type, String typeName) {
        Optional<Object> value = value(name);
        if (value.isPresent() && !type.isInstance(value.get())) {
            throw bad(name, "not " + typeName);
        }
        return value.map(type::cast);
    }

    private Optional<Object> value(String name) {
        asked.add(name);
        return Optional.ofNullable(fields.get(name));
    }

    private RecordingFormatException missing(String name) {
        return bad(name, "is missing");
    }

    private RecordingFormatException bad(String name, String reason) {
        return new RecordingFormatException(path(name) + ": " + reason);
    }

    private String path(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;

/** What others say in JSON. */
public final class JsonObject {
    private JsonObject() {}

    /**
     * The fields of an object.
     *
     * @param text a string or bytes
     * @throws IOException if it is something else, such as {@code null}
     */
    public static Map<String, Object> parse(Object text) throws IOException {
        Map<String, Object> fields = JSON.std.mapFrom(text);
        if (fields == null) {
            throw new JsonParseException((JsonParser) null, "null is no object");
        }
        return fields;
    }
}

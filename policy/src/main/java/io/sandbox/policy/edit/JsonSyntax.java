// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where the values of a JSON text are. {@code JsonTree} has already read the text without an
 * error.
 */
public final class JsonSyntax {
    private final JsonParser parser;

    private JsonSyntax(JsonParser parser) {
        this.parser = parser;
    }

    public static SyntaxNode parse(String text) {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            return new JsonSyntax(parser).node();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it was already read without an error
        }
    }

    private SyntaxNode node() throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        JsonToken token = parser.currentToken();
        String text = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        Map<String, SyntaxNode> members = new LinkedHashMap<>();
        List<SyntaxNode> items = new ArrayList<>();
        if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                parser.nextToken();
                members.put(key, node());
            }
        } else if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(node());
            }
        }
        int end = (int) parser.currentLocation().getCharOffset();
        return new SyntaxNode(start, end, true, text, members, items);
    }
}

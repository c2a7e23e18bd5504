// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON text. The same key twice in one object is a mistake. */
final class JsonTree {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(DataNode.MAX_DEPTH)
                                    .build())
                    .build();

    private final JsonParser parser;

    private JsonTree(JsonParser parser) {
        this.parser = parser;
    }

    /** Throws {@link PolicyFormatException} if the text is not one JSON value. */
    static DataNode parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return new JsonTree(parser).root();
        } catch (JsonProcessingException e) {
            String problem = e.getOriginalMessage().lines().findFirst().orElse("malformed");
            int line = Math.max(e.getLocation() == null ? 1 : e.getLocation().getLineNr(), 1);
            throw PolicyFormatException.at(line, "not JSON: " + printable(problem), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // reading a text in memory has no errors
        }
    }

    /** Makes the parser's message safe, since it quotes the text. */
    private static String printable(String problem) {
        StringBuilder shown = new StringBuilder();
        for (char c : problem.toCharArray()) {
            shown.append(c >= ' ' && c <= '~' ? String.valueOf(c) : ShownValue.of("" + c));
        }
        return shown.toString();
    }

    private DataNode root() throws IOException {
        if (parser.nextToken() == null) {
            throw PolicyFormatException.ofWhole("empty");
        }
        DataNode root = node("");
        if (parser.nextToken() != null) {
            throw PolicyFormatException.at(line(), "more text after the end");
        }
        return root;
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private DataNode node(String path) throws IOException {
        int line = line();
        int start = (int) parser.currentTokenLocation().getCharOffset();
        Object value = value(path);
        int end = (int) parser.currentLocation().getCharOffset();
        return new DataNode(line, path, value, start, end, true);
    }

    private Object value(String path) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(path);
            case START_ARRAY -> array(path);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
            case VALUE_NUMBER_FLOAT -> 0.0; // no key takes one
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default -> null;
        };
    }

    private Map<String, DataNode> object(String path) throws IOException {
        Map<String, DataNode> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            members.put(key, node(path.isEmpty() ? shown(key) : path + "." + shown(key)));
        }
        return members;
    }

    private static String shown(String key) {
        return ShownValue.of(key);
    }

    private List<DataNode> array(String path) throws IOException {
        List<DataNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(path + "[" + items.size() + "]"));
        }
        return items;
    }
}

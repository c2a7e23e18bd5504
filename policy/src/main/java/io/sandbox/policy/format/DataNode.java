// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.text.ShownValue;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A value of a JSON or YAML text, with its position. All methods that ask for a kind of value throw
 * {@link PolicyFormatException} if the value is of another kind.
 *
 * @param line from 1
 * @param path the way to the value from the root, for messages
 * @param value a map or list of nodes, String, BigInteger, Double, Boolean, or null
 * @param start where it begins in the text, in chars
 * @param end the position after it, for texts, lists and maps
 * @param isRow whether it is in brackets, if it is a list
 */
record DataNode(int line, String path, Object value, int start, int end, boolean isRow) {
    /** The maximal depth of nesting. No policy needs ten. */
    static final int MAX_DEPTH = 64;

    private static final BigInteger MAX_UNSIGNED = BigInteger.ONE.shiftLeft(64);

    PolicyFormatException wrong(String reason) {
        return PolicyFormatException.at(line, path.isEmpty() ? reason : path + ": " + reason);
    }

    boolean isMap() {
        return value instanceof Map;
    }

    private Map<String, DataNode> map() {
        if (!(value instanceof Map)) {
            throw wrong("expected an object with keys");
        }
        Map<String, DataNode> typed = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((key, node) -> typed.put((String) key, (DataNode) node));
        return typed;
    }

    Set<String> keys() {
        return map().keySet();
    }

    /** Refuses unknown keys, since one of them might be a condition. */
    void requireKeysAmong(Set<String> known) {
        for (String key : keys()) {
            if (!known.contains(key)) {
                throw wrong("unknown key " + ShownValue.of(key));
            }
        }
    }

    /** The value of a key; like in Go, a null counts as absent. */
    Optional<DataNode> find(String key) {
        DataNode found = isMap() ? (DataNode) ((Map<?, ?>) value).get(key) : map().get(key);
        return Optional.ofNullable(found).filter(node -> node.value != null);
    }

    DataNode get(String key) {
        return find(key).orElseThrow(() -> wrong(key + " is missing"));
    }

    List<DataNode> items() {
        if (!(value instanceof List)) {
            throw wrong("expected a list");
        }
        return ((List<?>) value).stream().map(DataNode.class::cast).toList();
    }

    /** The items of a key; none if it is absent. */
    List<DataNode> items(String key) {
        return find(key).map(DataNode::items).orElse(List.of());
    }

    List<String> texts(String key) {
        return items(key).stream().map(DataNode::text).toList();
    }

    String text() {
        if (!(value instanceof String)) {
            throw wrong("expected a text");
        }
        return (String) value;
    }

    /** A call by its name: the tools of such formats look names up in libseccomp. */
    CallRef call() {
        String name = text();
        try {
            return new CallRef.Named(name);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    boolean flag() {
        if (!(value instanceof Boolean)) {
            throw wrong("expected true or false");
        }
        return (Boolean) value;
    }

    /** The number of a key; 0 if it is absent. */
    long unsigned(String key) {
        Optional<DataNode> node = find(key);
        return node.isEmpty() ? 0 : node.get().integer(MAX_UNSIGNED).longValue();
    }

    /** {@code limit}: the largest number that is accepted. */
    int integer(int limit) {
        return integer(BigInteger.valueOf(limit + 1L)).intValue();
    }

    /** A number of at most 64 bits, or the largest long if it is larger than that. */
    long unsigned() {
        return integer(MAX_UNSIGNED).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    }

    /** The value, for messages. */
    String shown() {
        return (path.isEmpty() ? "" : path + ": ") + ShownValue.of(String.valueOf(value));
    }

    private BigInteger integer(BigInteger bound) {
        if (!(value instanceof BigInteger number)) {
            throw wrong("expected an integer");
        }
        if (number.signum() < 0 || number.compareTo(bound) >= 0) {
            throw wrong(ShownValue.of(number.toString()) + " is out of range");
        }
        return number;
    }

    boolean isText() {
        return value instanceof String;
    }

    /** Whether it is a map or list without members. */
    boolean isEmpty() {
        return isMap() ? map().isEmpty() : items().isEmpty();
    }
}

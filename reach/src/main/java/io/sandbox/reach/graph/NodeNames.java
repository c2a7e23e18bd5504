// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names of nodes, which are decoded only when they are asked for: a library has thousands, of which
 * an answer shows few.
 *
 * @param keys by which names are found, ascending: the node, or the hash of the name
 * @param nodes the node of each name
 * @param ends where each name ends in the text
 * @param text all names in UTF-8, one after the other
 */
record NodeNames(int[] keys, int[] nodes, int[] ends, byte[] text) {
    private record Entry(int key, int node, String name) {}

    /** The names of nodes, to be found by node. */
    static NodeNames byNode(Map<Integer, String> names) {
        List<Entry> entries = new ArrayList<>();
        names.forEach((node, name) -> entries.add(new Entry(node, node, name)));
        return of(entries);
    }

    /** The nodes that have names, to be found by name. */
    static NodeNames byName(Map<String, Integer> nodes) {
        List<Entry> entries = new ArrayList<>();
        nodes.forEach((name, node) -> entries.add(new Entry(name.hashCode(), node, name)));
        return of(entries);
    }

    private static NodeNames of(List<Entry> entries) {
        entries.sort(Comparator.comparing(Entry::key).thenComparing(Entry::name));
        StringBuilder text = new StringBuilder();
        int[] keys = new int[entries.size()];
        int[] nodes = new int[entries.size()];
        int[] ends = new int[entries.size()];
        int end = 0;
        for (int i = 0; i < keys.length; i++) {
            Entry entry = entries.get(i);
            keys[i] = entry.key();
            nodes[i] = entry.node();
            end += entry.name().getBytes(StandardCharsets.UTF_8).length;
            ends[i] = end;
            text.append(entry.name());
        }
        return new NodeNames(keys, nodes, ends, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String name(int index) {
        int start = index == 0 ? 0 : ends[index - 1];
        return new String(text, start, ends[index] - start, StandardCharsets.UTF_8);
    }

    Optional<String> nameOf(int node) {
        int index = Arrays.binarySearch(keys, node);
        return index < 0 ? Optional.empty() : Optional.of(name(index));
    }

    /** The node with a name; -1 if there is none. */
    int find(String name) {
        int key = name.hashCode();
        int index = Arrays.binarySearch(keys, key);
        while (index > 0 && keys[index - 1] == key) {
            index--;
        }
        for (; index >= 0 && index < keys.length && keys[index] == key; index++) {
            if (name(index).equals(name)) {
                return nodes[index];
            }
        }
        return -1;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.text.Shipped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words that another tool knows, from a file with {@code [NAME]} before each kind. */
final class WordTable {
    /** The directives of firejail, {@code alone} or with a {@code value}. */
    static final String FIREJAIL = "firejail-words.txt";

    /** The settings of systemd, by the section of a unit. */
    static final String SYSTEMD = "systemd-settings.txt";

    /** The fields of nsjail's configuration. */
    static final String NSJAIL = "nsjail-fields.txt";

    private final Map<String, Set<String>> kinds = new HashMap<>();

    WordTable(String file) {
        Set<String> words = new HashSet<>();
        for (String line : Shipped.lines(WordTable.class, file).toList()) {
            if (line.startsWith("[")) {
                words = new HashSet<>();
                kinds.put(line.substring(1, line.length() - 1), words);
            } else {
                words.addAll(List.of(line.split(" ")));
            }
        }
    }

    boolean hasKind(String kind) {
        return kinds.containsKey(kind);
    }

    boolean has(String kind, String word) {
        return kinds.getOrDefault(kind, Set.of()).contains(word);
    }
}

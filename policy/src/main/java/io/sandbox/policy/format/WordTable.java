// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words that another tool knows, from a file with a line {@code [NAME]} before the words of
 * each kind.
 */
final class WordTable {
    /** The directives of firejail, {@code alone} or with a {@code value}. */
    static final String FIREJAIL = "firejail-words.txt";

    /** The settings of systemd, by the section of a unit. */
    static final String SYSTEMD = "systemd-settings.txt";

    /** The fields of nsjail's configuration. */
    static final String NSJAIL = "nsjail-fields.txt";

    private final Map<String, Set<String>> kinds = new HashMap<>();

    WordTable(String file) {
        try (InputStream in = WordTable.class.getResourceAsStream(file)) {
            Set<String> words = new HashSet<>();
            for (String line :
                    new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (line.startsWith("[")) {
                    words = new HashSet<>();
                    kinds.put(line.substring(1, line.length() - 1), words);
                } else if (!line.startsWith("#")) {
                    words.addAll(List.of(line.split(" ")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean hasKind(String kind) {
        return kinds.containsKey(kind);
    }

    boolean has(String kind, String word) {
        return kinds.getOrDefault(kind, Set.of()).contains(word);
    }
}

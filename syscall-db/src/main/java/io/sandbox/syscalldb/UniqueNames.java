// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.HashMap;
import java.util.Map;

/** A table's canonical names and aliases, with their lines. Refuses a second equal name. */
final class UniqueNames {
    private final Map<String, Long> lines = new HashMap<>();

    void add(String name, CsvTable.Row row) {
        if (!isName(name)) {
            throw row.malformed("not a name: '" + name + "' (letters a-z, digits and _)");
        }
        Long earlier = lines.putIfAbsent(name, row.line());
        if (earlier != null) {
            throw row.malformed("name " + name + " is already on line " + earlier);
        }
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.HashMap;
import java.util.Map;

/** A table's canonical names and aliases, with their rows. Refuses a second equal name. */
final class UniqueNames {
    final Map<String, CsvTable.Row> rows = new HashMap<>();

    void add(String name, CsvTable.Row row) {
        CsvTable.Row earlier = rows.putIfAbsent(name, row);
        if (earlier != null) {
            throw row.malformed("name " + name + " is already on line " + earlier.line());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.List;

/**
 * What programs of a runtime need in states that a series of runs does not come to by itself.
 *
 * @param runtime its name, for messages
 * @param files the names of its executables and libraries, which digits and dots may follow
 * @param entry an entry of a list
 * @param reason in one line
 */
public record RuntimeFact(String runtime, List<String> files, String entry, String reason) {
    public RuntimeFact {
        files = List.copyOf(files);
    }

    static List<RuntimeFact> parseAll(CsvTable table) {
        table.requireColumns(List.of("runtime", "file", "entry", "reason", "source"));
        List<RuntimeFact> facts = new ArrayList<>();
        for (CsvTable.Row row : table.rows()) {
            facts.add(
                    new RuntimeFact(
                            row.text(0),
                            List.of(row.text(1).split("\\|")),
                            row.text(2),
                            row.text(3)));
        }
        return List.copyOf(facts);
    }

    /** The name of the call, without conditions. */
    public String call() {
        return entry.split("[(=]", 2)[0];
    }

    /** Whether this file belongs to the runtime. */
    public boolean isOf(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return files.stream()
                .anyMatch(
                        file ->
                                name.startsWith(file)
                                        && name.substring(file.length()).matches("[0-9.]*"));
    }
}

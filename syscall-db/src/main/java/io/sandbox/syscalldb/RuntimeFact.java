// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What programs of a runtime need in states that a series of runs does not come to by itself.
 *
 * @param runtime its name, for messages
 * @param files the names of its executables and libraries, or of a C library; a version may follow
 * @param with calls or entries that show that a program uses this part of the runtime; none if each
 *     does
 * @param entry an entry of a list
 * @param reason in one line
 */
public record RuntimeFact(
        String runtime, List<String> files, List<String> with, String entry, String reason) {
    public RuntimeFact {
        files = List.copyOf(files);
        with = List.copyOf(with);
    }

    static List<RuntimeFact> parseAll(CsvTable table) {
        table.requireColumns(List.of("runtime", "file", "with", "entries", "reason", "source"));
        List<RuntimeFact> facts = new ArrayList<>();
        for (CsvTable.Row row : table.rows()) {
            for (String entry : row.text(3).split(" ")) {
                facts.add(
                        new RuntimeFact(
                                row.text(0),
                                List.of(row.text(1).split("\\|")),
                                with(row.text(2).replace(';', ',')),
                                entry.replace(';', ','),
                                row.text(4)));
            }
        }
        return List.copyOf(facts);
    }

    private static List<String> with(String words) {
        return words.equals("any") ? List.of() : List.of(words.split(" "));
    }

    /** The name of the call, without conditions. */
    public String call() {
        return entry.split("[(=]", 2)[0];
    }

    /**
     * Whether a program needs it.
     *
     * @param paths its files, and its C library as {@code glibc 2.41 (build 5ca1)}
     * @param calls the names of its calls, and the entries of its list
     */
    public boolean isOf(Collection<String> paths, Collection<String> calls) {
        return calls.containsAll(with) && paths.stream().anyMatch(this::isOf);
    }

    private boolean isOf(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return files.stream()
                .anyMatch(
                        file ->
                                name.startsWith(file)
                                        && name.substring(file.length())
                                                .matches("([0-9. ]|\\.so)*(\\(build .*)?"));
    }
}

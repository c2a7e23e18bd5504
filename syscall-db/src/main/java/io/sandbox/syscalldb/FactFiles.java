// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the files of the folder facts. first-kernel.csv has all calls. arguments.csv and risk.csv
 * must have the same calls, the other files may have some of them.
 */
final class FactFiles {
    private final Function<String, CsvTable> files;

    /** {@code files} returns the table for a file name without folder. */
    FactFiles(Function<String, CsvTable> files) {
        this.files = files;
    }

    List<SyscallGroup> readGroups() {
        return GroupFiles.parse(files.apply("groups.csv"), files.apply("group-members.csv"));
    }

    /** The facts by name, ascending. */
    Map<String, SyscallFacts> read(List<SyscallGroup> groups) {
        CsvTable first = files.apply("first-kernel.csv");
        Map<String, CsvTable.Row> kernels = byName(first, "name", "kernel", "source");
        Map<String, CsvTable.Row> arguments =
                byName(files.apply("arguments.csv"), "name", "arguments", "no_code_on");
        Map<String, CsvTable.Row> places =
                byName(files.apply("argument-places.csv"), "name", "arches");
        Map<String, CsvTable.Row> risks =
                byName(files.apply("risk.csv"), "name", "risk", "basis", "reason");
        Map<String, CsvTable.Row> siblings =
                byName(files.apply("siblings.csv"), "name", "siblings");
        Map<String, CsvTable.Row> vdso = byName(files.apply("vdso.csv"), "name", "arches");
        Map<String, CsvTable.Row> chance = byName(files.apply("chance.csv"), "name", "reason");
        Map<String, CsvTable.Row> exercise = byName(files.apply("exercise.csv"), "name", "how");
        Map<String, CsvTable.Row> ring = byName(files.apply("io-uring.csv"), "name", "operations");
        for (Map<String, CsvTable.Row> some :
                List.of(arguments, places, risks, siblings, vdso, chance, exercise, ring)) {
            requireKnown(some, kernels);
        }
        Map<String, CsvTable.Row> newer = byName(files.apply("newer-groups.csv"), "name", "groups");
        requireKnown(newer, kernels);
        Map<String, List<String>> groupsOf = groupsOf(groups);
        newer.forEach((name, row) -> groupsOf.computeIfAbsent(name, key -> list(row, 1)));

        Map<String, SyscallFacts> facts = new LinkedHashMap<>();
        for (CsvTable.Row row : first.rows()) {
            String name = row.text(0);
            CsvTable.Row argument = require(name, arguments, row, "arguments.csv");
            CsvTable.Row risk = require(name, risks, row, "risk.csv");
            boolean anyOperation = ring.containsKey(name) && ring.get(name).text(1).equals("any");
            facts.put(
                    name,
                    new SyscallFacts(
                            name,
                            groupsOf.getOrDefault(name, List.of()),
                            version(row),
                            !argument.text(1).equals("unimplemented"),
                            list(argument, 1, "none", "unimplemented"),
                            optional(places.get(name)),
                            list(argument, 2, "nowhere", "everywhere"),
                            risk(risk),
                            risk.text(3),
                            list(risk, 2, "judgement"),
                            known(siblings.get(name), kernels),
                            optional(vdso.get(name)),
                            Optional.ofNullable(chance.get(name)).map(given -> given.text(1)),
                            Optional.ofNullable(exercise.get(name)).map(given -> given.text(1)),
                            anyOperation,
                            anyOperation ? List.of() : optional(ring.get(name))));
        }
        return facts;
    }

    private static Map<String, CsvTable.Row> byName(CsvTable table, String... columns) {
        table.requireColumns(List.of(columns));
        UniqueNames names = new UniqueNames();
        for (CsvTable.Row row : table.rows()) {
            names.add(row.text(0), row);
        }
        return names.rows;
    }

    private static void requireKnown(
            Map<String, CsvTable.Row> rows, Map<String, CsvTable.Row> kernels) {
        for (Map.Entry<String, CsvTable.Row> entry : rows.entrySet()) {
            if (!kernels.containsKey(entry.getKey())) {
                throw entry.getValue().malformed("not in first-kernel.csv: " + entry.getKey());
            }
        }
    }

    private static CsvTable.Row require(
            String name, Map<String, CsvTable.Row> rows, CsvTable.Row here, String file) {
        CsvTable.Row row = rows.get(name);
        if (row == null) {
            throw here.malformed("not in " + file + ": " + name);
        }
        return row;
    }

    static Map<String, KernelVersion> firstKernels(CsvTable table) {
        Map<String, KernelVersion> kernels = new HashMap<>();
        byName(table, "name", "kernel", "source")
                .forEach((name, row) -> kernels.put(name, version(row)));
        return Collections.unmodifiableMap(kernels);
    }

    static Map<String, Risk> risks(CsvTable table) {
        Map<String, Risk> risks = new HashMap<>();
        byName(table, "name", "risk", "basis", "reason")
                .forEach((name, row) -> risks.put(name, risk(row)));
        return Collections.unmodifiableMap(risks);
    }

    private static Risk risk(CsvTable.Row row) {
        return risk(row, 1);
    }

    static Risk risk(CsvTable.Row row, int column) {
        return Risk.values()[row.choice(column, riskWords())];
    }

    static Map<String, List<String>> argumentsDifferOn(CsvTable table) {
        Map<String, List<String>> arches = new HashMap<>();
        for (Map.Entry<String, CsvTable.Row> each : byName(table, "name", "arches").entrySet()) {
            arches.put(each.getKey(), list(each.getValue(), 1));
        }
        return Collections.unmodifiableMap(arches);
    }

    static Map<String, String> exercises(CsvTable table) {
        Map<String, String> exercises = new HashMap<>();
        byName(table, "name", "how").forEach((name, row) -> exercises.put(name, row.text(1)));
        return Collections.unmodifiableMap(exercises);
    }

    private static Map<String, List<String>> groupsOf(List<SyscallGroup> groups) {
        Map<String, List<String>> groupsOf = new HashMap<>();
        for (SyscallGroup group : groups) {
            for (String call : group.calls()) {
                groupsOf.computeIfAbsent(call, name -> new ArrayList<>()).add(group.name());
            }
        }
        return groupsOf;
    }

    private static KernelVersion version(CsvTable.Row row) {
        row.choice(2, "syscalls(2)", "kernel-history", "newer-calls.csv");
        return version(row, 1);
    }

    static KernelVersion version(CsvTable.Row row, int column) {
        return KernelVersion.parse(row.text(column))
                .orElseThrow(() -> row.malformed("not a kernel version: " + row.text(column)));
    }

    private static String[] riskWords() {
        String[] words = new String[Risk.values().length];
        for (Risk risk : Risk.values()) {
            words[risk.ordinal()] = risk.word();
        }
        return words;
    }

    /** The values between the bars; empty if the text is one of {@code words}. */
    private static List<String> list(CsvTable.Row row, int column, String... words) {
        String text = row.text(column);
        for (String word : words) {
            if (text.equals(word)) {
                return List.of();
            }
        }
        return List.of(text.split("\\|", -1));
    }

    private static List<String> optional(CsvTable.Row row) {
        return row == null ? List.of() : list(row, 1);
    }

    private static List<String> known(CsvTable.Row row, Map<String, CsvTable.Row> kernels) {
        List<String> names = optional(row);
        for (String name : names) {
            if (!kernels.containsKey(name)) {
                throw row.malformed("not in first-kernel.csv: " + name);
            }
        }
        return names;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program has the kernel do through io_uring: an operation that it submits to a ring, or one
 * of io_uring_register(2).
 *
 * @param number its value in enum io_uring_op or io_uring_register_op of linux/io_uring.h
 * @param name in small letters and without IORING_OP_ or IORING_REGISTER_, such as {@code openat}
 * @param firstKernel the first kernel that has it
 */
public record IoUringOperation(int number, String name, KernelVersion firstKernel) {
    static final String SUBMITTED = "submitted";
    static final String REGISTERED = "registered";

    /** A request has a byte for it. */
    private static final int LARGEST = 255;

    /**
     * The numbers of operations that are submitted.
     *
     * @param known those that have names
     * @param words their names in any case, also with {@code IORING_OP_} before them, or numbers
     * @throws IllegalArgumentException if one is neither
     */
    public static List<Integer> numbers(List<IoUringOperation> known, Collection<String> words) {
        List<Integer> numbers = new ArrayList<>();
        for (String word : words) {
            String name = word.toLowerCase(Locale.ROOT).replaceFirst("^ioring_op_", "");
            numbers.add(
                    known.stream()
                            .filter(one -> one.name().equals(name))
                            .findFirst()
                            .map(IoUringOperation::number)
                            .orElseGet(() -> number(word)));
        }
        return List.copyOf(numbers);
    }

    private static int number(String word) {
        if (!word.matches("\\d{1,3}") || Integer.parseInt(word) > LARGEST) {
            throw new IllegalArgumentException(word + ": no operation of io_uring");
        }
        return Integer.parseInt(word);
    }

    /** By kind, in the order of their numbers, without gaps. */
    static Map<String, List<IoUringOperation>> parseAll(CsvTable table) {
        table.requireColumns(List.of("kind", "number", "name", "kernel"));
        Map<String, List<IoUringOperation>> operations = new TreeMap<>();
        for (String kind : List.of(SUBMITTED, REGISTERED)) {
            UniqueNames names = new UniqueNames();
            List<CsvTable.Row> rows =
                    table.rows().stream().filter(row -> row.text(0).equals(kind)).toList();
            for (int i = 0; i < rows.size(); i++) {
                CsvTable.Row row = rows.get(i);
                if (row.decimal(1) != i) {
                    throw row.malformed("number " + i + " expected");
                }
                names.add(row.text(2), row);
            }
            operations.put(kind, rows.stream().map(IoUringOperation::parse).toList());
        }
        table.rows().forEach(row -> row.choice(0, SUBMITTED, REGISTERED));
        return operations;
    }

    private static IoUringOperation parse(CsvTable.Row row) {
        return new IoUringOperation(row.decimal(1), row.text(2), FactFiles.version(row, 3));
    }
}

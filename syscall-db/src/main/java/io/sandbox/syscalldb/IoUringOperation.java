// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An operation that a program submits to the kernel through io_uring.
 *
 * @param number its value in enum io_uring_op of linux/io_uring.h
 * @param name in small letters and without IORING_OP_, such as {@code openat}
 */
public record IoUringOperation(int number, String name) {
    public IoUringOperation {
        Objects.requireNonNull(name, "name");
    }

    static List<IoUringOperation> parseAll(CsvTable table) {
        table.requireColumns(List.of("number", "name", "audit_name"));
        UniqueNames names = new UniqueNames();
        List<IoUringOperation> operations = new ArrayList<>();
        for (CsvTable.Row row : table.rows()) {
            if (row.decimal(0) != operations.size()) {
                throw row.malformed("number " + operations.size() + " expected");
            }
            names.add(row.text(1), row);
            row.choice(2, "same", "absent");
            operations.add(new IoUringOperation(row.decimal(0), row.text(1)));
        }
        return List.copyOf(operations);
    }
}

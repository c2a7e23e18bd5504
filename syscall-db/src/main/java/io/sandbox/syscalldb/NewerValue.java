// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.List;

/**
 * A value of an argument that a newer kernel brought.
 *
 * @param call the canonical name
 * @param argument 0 to 5
 * @param mask the bits that count
 * @param value has no bits outside the mask
 * @param kernel the first that knows it
 * @param errno the name of the error with which an older one answers
 */
public record NewerValue(
        String call, int argument, long mask, long value, KernelVersion kernel, String errno) {
    static List<NewerValue> parseAll(CsvTable table) {
        table.requireColumns(
                List.of("call", "argument", "mask", "value", "kernel", "errno", "source"));
        List<NewerValue> all = new ArrayList<>();
        for (CsvTable.Row row : table.rows()) {
            String value = row.text(3);
            try {
                all.add(
                        new NewerValue(
                                row.text(0),
                                Integer.parseInt(row.text(1)),
                                Long.decode(row.text(2)),
                                Long.decode(value.substring(value.indexOf('=') + 1)),
                                FactFiles.version(row, 4),
                                row.text(5)));
            } catch (NumberFormatException e) {
                throw row.malformed("not a number");
            }
        }
        return List.copyOf(all);
    }
}

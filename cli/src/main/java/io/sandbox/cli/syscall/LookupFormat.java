// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import io.sandbox.evidence.IndentedJson;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The formats of a result, with their names for {@code --format}. */
enum LookupFormat {
    /** For a terminal; each kind of question has its own layout. */
    TEXT,
    /** An array with one object for each call. */
    JSON,
    /** A line of column names, then one line for each call. Bars separate the items of a list. */
    CSV;

    /** The text of {@link #JSON} or {@link #CSV}, with a newline at its end. */
    String write(List<LookupTable.Entry> entries, SyscallDb db) {
        List<Map<String, Object>> rows = entries.stream().map(entry -> row(entry, db)).toList();
        return this == JSON ? IndentedJson.writeRows(rows) : toCsv(rows);
    }

    private static Map<String, Object> row(LookupTable.Entry entry, SyscallDb db) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("arch", entry.arch());
        row.put("number", entry.number());
        row.put("name", entry.name());
        if (entry.arch().equals(LookupTable.URING)) {
            return row;
        }
        SyscallFacts facts = db.facts(entry.name()).orElseThrow();
        row.put("audit_names", entry.aliases());
        row.put("since", facts.firstKernel().toString());
        row.put("implemented", facts.implemented());
        row.put("no_code_on", facts.noCodeOn());
        row.put("arguments", facts.arguments());
        row.put("arguments_differ_on", facts.argumentsDifferOn());
        row.put("level", facts.risk().level().word());
        row.put("risk", facts.risk().word());
        row.put("reason", facts.riskReason());
        row.put("basis", facts.riskBasis());
        row.put("groups", facts.groups());
        row.put("siblings", facts.siblings());
        row.put("vdso", facts.vdsoArches());
        row.put("passes_no_filter", facts.passesNoFilter());
        row.put("io_uring", facts.ioUringOperations());
        return row;
    }

    /** Needs no quotes: our tables refuse values with a comma, a quote or a newline. */
    private static String toCsv(List<Map<String, Object>> rows) {
        StringBuilder text = new StringBuilder();
        if (!rows.isEmpty()) {
            text.append(String.join(",", rows.get(0).keySet())).append('\n');
        }
        for (Map<String, Object> row : rows) {
            List<String> values = new ArrayList<>();
            for (Object value : row.values()) {
                values.add(value instanceof List<?> list ? toBars(list) : value.toString());
            }
            text.append(String.join(",", values)).append('\n');
        }
        return text.toString();
    }

    private static String toBars(List<?> list) {
        return list.isEmpty()
                ? "none"
                : String.join("|", list.stream().map(Object::toString).toList());
    }
}

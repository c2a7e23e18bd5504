// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file: comments, one line of column names, and rows with exactly as many values, none of
 * them blank.
 *
 * <p>Every command reads two of these files at start-up. So code that reads a correct table, here
 * and in the classes for the rows, uses no lambdas, streams or string concatenation: the first of
 * each costs a cold JVM milliseconds.
 */
final class CsvTable {
    private static final CSVFormat FORMAT =
            CSVFormat.Builder.create()
                    .setCommentMarker('#')
                    .setQuote(null)
                    .setIgnoreEmptyLines(false)
                    .build();

    private final List<Row> rows = new ArrayList<>();
    private final Row columns;

    /** Reads and closes {@code bytes}. Messages name {@code file}. */
    static CsvTable parse(String file, InputStream bytes) {
        try (CSVParser parser =
                FORMAT.parse(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            return new CsvTable(file, parser);
        } catch (IOException | UncheckedIOException e) {
            throw new MalformedTableException(file, "cannot read: " + e.getMessage(), e);
        }
    }

    private CsvTable(String file, CSVParser parser) {
        Row header = null;
        for (CSVRecord values : parser) {
            Row row = new Row(file, parser.getCurrentLineNumber(), values);
            if (header == null) {
                header = row;
                continue;
            }
            if (values.size() != header.values.size()) {
                throw row.malformed(
                        header.values.size() + " values expected, but there are " + values.size());
            }
            rows.add(row);
        }
        if (header == null) {
            throw new MalformedTableException(file, 1, "no line of column names");
        }
        columns = header;
    }

    void requireColumns(List<String> expected) {
        if (!Arrays.asList(columns.values.values()).equals(expected)) {
            throw columns.malformed("columns must be " + String.join(",", expected));
        }
        if (rows.isEmpty()) {
            throw columns.malformed("no rows");
        }
    }

    List<Row> rows() {
        return rows;
    }

    /**
     * The values of one line, counted from 0. Every accessor refuses a blank value: files have a
     * word for absent values.
     */
    static final class Row {
        private final String file;
        private final long line;
        private final CSVRecord values;

        Row(String file, long line, CSVRecord values) {
            this.file = file;
            this.line = line;
            this.values = values;
        }

        long line() {
            return line;
        }

        String text(int column) {
            String text = values.get(column);
            if (text.isBlank()) {
                throw malformed("value " + (column + 1) + " is blank");
            }
            return text;
        }

        /** A decimal number, 0 to 2^31 - 1. */
        int decimal(int column) {
            String text = text(column);
            try {
                if (Character.isDigit(text.charAt(0))) {
                    return Integer.parseInt(text);
                }
            } catch (NumberFormatException e) {
                // Falls through to the one message for both cases.
            }
            throw malformed("not a number from 0 to 2147483647: " + text);
        }

        /**
         * A number of {@code 0x} and eight hexadecimal digits; values from 2^31 on are negative.
         */
        int hex(int column) {
            String text = text(column);
            try {
                if (text.startsWith("0x") && text.length() == 10 && text.charAt(2) != '+') {
                    return Integer.parseUnsignedInt(text, 2, 10, 16);
                }
            } catch (NumberFormatException e) {
                // Falls through to the one message for both cases.
            }
            throw malformed("not 0x and eight hexadecimal digits: " + text);
        }

        /** The index of the value among {@code words}. */
        int choice(int column, String... words) {
            String text = text(column);
            for (int i = 0; i < words.length; i++) {
                if (words[i].equals(text)) {
                    return i;
                }
            }
            throw malformed("not one of " + String.join(", ", words) + ": " + text);
        }

        MalformedTableException malformed(String reason) {
            return new MalformedTableException(file, line, reason);
        }
    }
}

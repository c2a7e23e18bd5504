// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A CSV file: comments, one line of column names, and rows with exactly as many values, none of
 * them empty or in quotes.
 *
 * <p>Every command reads two of these files at start-up, in a cold JVM. So this reader knows no
 * more than these files need (a test compares it with Commons CSV), and code that reads a correct
 * table uses no streams: the first costs milliseconds.
 */
final class CsvTable {
    private final List<Row> rows = new ArrayList<>();
    private final Row columns;

    /** Reads and closes {@code bytes}. Messages name {@code file}. */
    static CsvTable parse(String file, InputStream bytes) {
        try (bytes) {
            return new CsvTable(file, new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new MalformedTableException(file, "cannot read: " + e.getMessage(), e);
        }
    }

    private CsvTable(String file, String text) {
        Row header = null;
        int line = 0;
        int end;
        for (int start = 0; start < text.length(); start = end + 1) {
            end = text.indexOf('\n', start);
            if (end < 0) {
                end = text.length();
            }
            line++;
            if (text.charAt(start) == '#') {
                continue;
            }
            Row row = new Row(file, line, values(text, start, end));
            if (header == null) {
                header = row;
            } else if (row.values.size() != header.values.size()) {
                throw row.malformed(
                        header.values.size()
                                + " values expected, but there are "
                                + row.values.size());
            } else {
                rows.add(row);
            }
        }
        if (header == null) {
            throw new MalformedTableException(file, 1, "no line of column names");
        }
        columns = header;
    }

    private static List<String> values(String text, int start, int end) {
        List<String> values = new ArrayList<>(4);
        int comma = text.indexOf(',', start);
        while (comma >= 0 && comma < end) {
            values.add(text.substring(start, comma));
            start = comma + 1;
            comma = text.indexOf(',', start);
        }
        values.add(text.substring(start, end));
        return values;
    }

    void requireColumns(List<String> expected) {
        if (!columns.values.equals(expected)) {
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
     * The values of one line, counted from 0. Every accessor refuses an empty value: files have a
     * word for absent values.
     */
    static final class Row {
        private final String file;
        private final long line;
        private final List<String> values;

        Row(String file, long line, List<String> values) {
            this.file = file;
            this.line = line;
            this.values = values;
        }

        long line() {
            return line;
        }

        List<String> values() {
            return values;
        }

        String text(int column) {
            String text = values.get(column);
            if (text.isEmpty()) {
                throw malformed("value " + (column + 1) + " is empty");
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

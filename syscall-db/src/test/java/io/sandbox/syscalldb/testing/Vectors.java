// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sandbox.text.ShownValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables of cases: rows with tabs between their columns, which have the escapes {@code \\ \t \n
 * \xNN}. A line that is empty or begins with # is no row.
 */
public final class Vectors {
    private static final Path OF_THE_LIBRARY = Path.of("../preload/tests/vectors");

    /** {@code line} counts from 1. */
    public record Row(String file, int line, List<String> columns) {
        public String get(int column) {
            return columns.get(column);
        }

        @Override
        public String toString() {
            return file + ":" + line + ": " + ShownValue.of(columns.get(0));
        }
    }

    /** The rows that the C library is tested with too, with each byte as one character. */
    public static List<Row> ofTheLibrary(String file) {
        try {
            byte[] bytes = Files.readAllBytes(OF_THE_LIBRARY.resolve(file));
            return rows(file, 0, new String(bytes, ISO_8859_1), 3, ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of a file beside a test. */
    public static List<Row> beside(Class<?> test, String file, int columns) {
        return beside(test, file, columns, UTF_8);
    }

    /** With ISO_8859_1, each byte is one character. */
    public static List<Row> beside(Class<?> test, String file, int columns, Charset charset) {
        return rows(file, 0, bytesOf(test, file), columns, charset);
    }

    /** Each byte as a character. */
    private static String bytesOf(Class<?> test, String file) {
        try (InputStream in = test.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of the table of one method, without the names of its parameters. */
    static List<Row> part(Class<?> test, String method, int columns) {
        String file = test.getSimpleName() + ".tsv";
        String text = bytesOf(test, file);
        int start = text.indexOf("[" + method + "]\n");
        int before = text.substring(0, Math.max(0, start)).split("\n", -1).length;
        int end = text.indexOf("\n[", start + 1);
        String part = text.substring(start, end < 0 ? text.length() : end);
        String table = part.substring(part.indexOf('\n') + 1);
        List<Row> rows = rows(file, before, table, columns, UTF_8);
        return rows.subList(1, rows.size());
    }

    /** {@code before}: how many lines the file has before the table. */
    private static List<Row> rows(
            String file, int before, String table, int columns, Charset charset) {
        List<Row> rows = new ArrayList<>();
        String[] lines = table.split("\n");
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].isEmpty() && !lines[i].startsWith("#")) {
                List<String> row = new ArrayList<>();
                for (String column : lines[i].split("\t", -1)) {
                    row.add(decoded(column, charset));
                }
                int line = before + i + 1;
                if (row.size() != columns) {
                    throw new IllegalStateException(file + ":" + line + ": " + row.size());
                }
                rows.add(new Row(file, line, row));
            }
        }
        return rows;
    }

    private static String decoded(String escaped, Charset charset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) != '\\') {
                bytes.write(escaped.charAt(i));
                continue;
            }
            i++;
            switch (escaped.charAt(i)) {
                case '\\' -> bytes.write('\\');
                case 't' -> bytes.write('\t');
                case 'n' -> bytes.write('\n');
                case 'x' -> {
                    bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> throw new IllegalStateException("escape in " + escaped);
            }
        }
        return bytes.toString(charset);
    }
}

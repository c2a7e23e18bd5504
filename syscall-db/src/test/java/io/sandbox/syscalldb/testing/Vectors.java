// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb.testing;

import io.sandbox.text.ShownValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
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

    /**
     * @param line counts from 1
     */
    public record Row(String file, int line, List<String> columns) {
        public String get(int column) {
            return columns.get(column);
        }

        @Override
        public String toString() {
            return file + ":" + line + ": " + ShownValue.of(columns.get(0));
        }
    }

    private Vectors() {}

    /** The rows that the C library is tested with too, with each byte as one character. */
    public static List<Row> ofTheLibrary(String file) {
        try {
            byte[] bytes = Files.readAllBytes(OF_THE_LIBRARY.resolve(file));
            return rows(file, bytes, 3, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of a file beside a test. */
    public static List<Row> beside(Class<?> test, String file, int columns) {
        return beside(test, file, columns, StandardCharsets.UTF_8);
    }

    /** With ISO_8859_1, each byte is one character. */
    public static List<Row> beside(Class<?> test, String file, int columns, Charset charset) {
        try (InputStream in = test.getResourceAsStream(file)) {
            return rows(file, in.readAllBytes(), columns, charset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Row> rows(String file, byte[] bytes, int columns, Charset charset) {
        List<Row> rows = new ArrayList<>();
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n");
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].isEmpty() && !lines[i].startsWith("#")) {
                List<String> row = new ArrayList<>();
                for (String column : lines[i].split("\t", -1)) {
                    row.add(decoded(column, charset));
                }
                if (row.size() != columns) {
                    throw new IllegalStateException(file + ":" + (i + 1) + ": " + row.size());
                }
                rows.add(new Row(file, i + 1, row));
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

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import io.sandbox.text.ShownValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rows of preload/tests/vectors, whose README.md explains them. */
final class Vectors {
    private static final Path FOLDER = Path.of("../preload/tests/vectors");

    /**
     * @param line counts from 1
     * @param input each byte as one character
     */
    record Row(String file, int line, String input, String outcome) {
        @Override
        public String toString() {
            return file + ":" + line + ": " + ShownValue.of(input);
        }
    }

    private Vectors() {}

    static List<Row> of(String file) {
        try {
            List<Row> rows = new ArrayList<>();
            List<String> lines =
                    Files.readAllLines(FOLDER.resolve(file), StandardCharsets.ISO_8859_1);
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).startsWith("#")) {
                    rows.add(row(file, i + 1, lines.get(i).split("\t", -1)));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String file, int line, String[] columns) {
        if (columns.length != 3) {
            throw new IllegalStateException(file + ":" + line + ": not three columns");
        }
        return new Row(file, line, decode(columns[0]), columns[1]);
    }

    /** The escapes {@code \\ \t \n \xNN}. */
    private static String decode(String escaped) {
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
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}

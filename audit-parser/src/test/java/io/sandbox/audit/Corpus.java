// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lines from bug reports (corpus-records.tsv names the sources), and from a kernel. */
final class Corpus {

    /** One row; {@code line} as bytes, without line feed. */
    record Row(String id, String form, Map<String, Object> expect, byte[] line) {
        @Override
        public String toString() {
            return id + " " + form;
        }
    }

    private Corpus() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        List<String> lines = lines("corpus-records.tsv");
        for (String text : lines.subList(1, lines.size())) {
            String[] column = text.split("\t", 5);
            try {
                String line = column[4].replace("\\t", "\t").replace("\\x1d", "\u001d");
                rows.add(
                        new Row(
                                column[0],
                                column[2],
                                JSON.std.mapFrom(column[3]),
                                line.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(column[0], e);
            }
        }
        return rows;
    }

    static List<String> lines(String resource) {
        return new String(bytes(resource), StandardCharsets.UTF_8).lines().toList();
    }

    /** The names of captured logs of which each line is text. */
    static List<String> logs() {
        return lines("CapturedLinesTest.tsv").stream()
                .filter(name -> name.endsWith(".log"))
                .toList();
    }

    static byte[] bytes(String resource) {
        try (InputStream in = Corpus.class.getResourceAsStream(resource)) {
            assertNotNull(in, () -> "there is no test resource " + resource);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}

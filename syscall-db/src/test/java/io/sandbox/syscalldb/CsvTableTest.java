// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

final class CsvTableTest {
    private static final CSVFormat FORMAT =
            CSVFormat.Builder.create()
                    .setCommentMarker('#')
                    .setQuote(null)
                    .setIgnoreEmptyLines(false)
                    .build();

    @Test
    void parse_eachShippedFile_isWhatCommonsCsvReads() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(Path.of("src/main/resources"))) {
            files = all.filter(file -> file.toString().endsWith(".csv")).toList();
        }
        assertTrue(files.size() > 30, files.toString());
        for (Path file : files) {
            try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, FORMAT)) {
                List<String> lines = new ArrayList<>();
                for (CSVRecord values : parser) {
                    lines.add(parser.getCurrentLineNumber() + " " + values.toList());
                }
                CsvTable table = CsvTable.parse(file.toString(), Files.newInputStream(file));
                List<String> ours = new ArrayList<>();
                for (CsvTable.Row row : table.rows()) {
                    assertTrue(
                            row.values().stream().noneMatch(String::isBlank),
                            file + ": " + row.line());
                    ours.add(row.line() + " " + row.values());
                }
                assertEquals(lines.subList(1, lines.size()), ours);
            }
        }
    }
}

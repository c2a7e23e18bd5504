// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.format.PolicyFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The documents describe each format as the help does. */
class FormatTableTest {
    private static List<String> linesOfDocuments() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("../README.md")));
        try (Stream<Path> pages = Files.list(Path.of("../docs"))) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                lines.addAll(Files.readAllLines(page));
            }
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource
    void table_eachFormat_hasTheWordsOfTheHelp(PolicyFormat format) throws IOException {
        String row = "| " + format + " | " + format.about() + " |";
        assertTrue(
                linesOfDocuments().stream().anyMatch(line -> line.replace("`", "").startsWith(row)),
                "no document has the row: " + row);
    }
}

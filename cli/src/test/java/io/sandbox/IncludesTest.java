// SPDX-License-Identifier: Apache-2.0
package io.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of which folder of {@code preload/src} may include which. */
class IncludesTest {
    private static final Path SOURCES = Path.of("../preload/src");
    private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([^\"]+)\"");

    private static final Map<String, List<String>> BELOW =
            Vectors.beside(IncludesTest.class, "folders.tsv", 2).stream()
                    .collect(
                            Collectors.toMap(
                                    row -> row.get(0), row -> List.of(row.get(1).split(" "))));

    /** Maps each source file to its includes of ours, by the path from {@code preload/src}. */
    private static Map<String, List<String>> includes() throws IOException {
        Map<String, List<String>> includes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().matches(".*\\.(c|h|inc)")).toList()) {
                List<String> included = new ArrayList<>();
                Matcher line = INCLUDE.matcher(Files.readString(file));
                while (line.find()) {
                    included.add(line.group(1));
                }
                includes.put(SOURCES.relativize(file).toString(), included);
            }
        }
        return includes;
    }

    private static String folder(String file) {
        return file.contains("/") ? file.substring(0, file.indexOf('/')) : "";
    }

    @Test
    void folders_includeOnlyWhatStandsBelow() throws IOException {
        List<String> wrong = new ArrayList<>();
        includes()
                .forEach(
                        (file, included) ->
                                included.stream()
                                        .filter(other -> !isAllowed(folder(file), folder(other)))
                                        .forEach(other -> wrong.add(file + " includes " + other)));
        assertEquals(List.of(), wrong);
    }

    private static boolean isAllowed(String from, String to) {
        assertTrue(BELOW.containsKey(from), from + ": a folder without a place");
        return from.equals(to) || to.isEmpty() || BELOW.get(from).contains(to);
    }

    @Test
    void includes_areWrittenFromTheTop() throws IOException {
        Map<String, List<String>> all = includes();
        assertTrue(all.size() > 60, "only " + all.size() + " files");
        for (Map.Entry<String, List<String>> each : all.entrySet()) {
            for (String other : each.getValue()) {
                assertTrue(all.containsKey(other), each.getKey() + " includes " + other);
            }
        }
    }
}

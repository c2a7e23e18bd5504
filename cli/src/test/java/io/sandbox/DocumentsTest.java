// SPDX-License-Identifier: Apache-2.0
package io.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.Child;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks the documents: links, README.md, the index, formats; and the help of the scripts. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");

    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|^ {4}.*?$|`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]*)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    @Test
    void everyLink_leadsToAFileAndAHeading() throws Exception {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            String text = CODE.matcher(Files.readString(document)).replaceAll("");
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                if (!leadsSomewhere(document, link.group(1))) {
                    broken.add(document + ": " + link.group(1));
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void readme_isOnePage() throws IOException {
        long size = Files.size(ROOT.resolve("README.md"));
        assertTrue(size <= 8 * 1024, "README.md has " + size + " bytes");
    }

    @Test
    void index_linksEveryPage() throws IOException {
        String index = Files.readString(ROOT.resolve("docs/README.md"));
        List<String> missing = new ArrayList<>();
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            pages.map(page -> page.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                    .filter(name -> !index.contains("](" + name + ")"))
                    .forEach(missing::add);
        }
        assertEquals(List.of(), missing);
    }

    /** The documents describe each format as the help does. */
    @ParameterizedTest
    @EnumSource
    void formatTable_hasTheWordsOfTheHelp(PolicyFormat format) throws Exception {
        String row = "| " + format + " | " + format.about() + " |";
        List<String> rows = new ArrayList<>();
        for (Path document : documents()) {
            rows.addAll(Files.readAllLines(document));
        }
        assertTrue(
                rows.stream().anyMatch(line -> line.replace("`", "").startsWith(row)),
                "no document has the row: " + row);
    }

    /** The scripts' help; install.txt among the transcripts has what install does. */
    @Table
    void script_saysHowItIsUsed_andDoesNothingElse(String name) throws Exception {
        String usage = "\nUsage: scripts/" + name;
        String script = "../scripts/" + name;
        Child.of("%s --help", script).run().assertStatus(0).assertOut(usage);
        Child.of("%s --unknown", script).run().assertStatus(2).assertNoOut().assertErr(usage);
    }

    /** The checkout's documents, without files of a build or of git. */
    private static List<Path> documents() throws Exception {
        return Child.of("find .. ( -name target -o -name .git ) -prune -o -name *.md -print")
                .run()
                .out()
                .lines()
                .map(Path::of)
                .toList();
    }

    private static boolean leadsSomewhere(Path document, String link) throws IOException {
        if (link.matches("[a-z]+:.*")) {
            return true;
        }
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? document : document.resolveSibling(file);
        return Files.exists(target)
                && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
    }

    /** The anchors that GitHub makes: a repeated heading gets a number. */
    private static Set<String> anchors(Path document) throws IOException {
        String text = Files.readString(document).replaceAll("(?ms)^```.*?^```$", "");
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> repeats = new HashMap<>();
        for (MatchResult heading : HEADING.matcher(text).results().toList()) {
            String anchor =
                    heading.group(1)
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N} _-]", "")
                            .replace(' ', '-');
            int repeat = repeats.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(repeat == 0 ? anchor : anchor + "-" + repeat);
        }
        return anchors;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.help.Verbs;
import io.sandbox.cli.testing.Child;
import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ModuleRulesTest {
    private static final Path ROOT = Path.of("..");

    /** The beginnings of types and methods that leave the process or read a clock. */
    private static final List<String> IMPURE =
            List.of(
                    """
                    java.io.File java.io.RandomAccessFile java.lang.Process
                    java.lang.System.currentTimeMillis java.lang.System.err java.lang.System.exit
                    java.lang.System.getenv java.lang.System.in java.lang.System.load
                    java.lang.System.nanoTime java.lang.System.out java.net. java.nio.channels.
                    java.nio.file.Files java.time.Clock java.time.Instant.now
                    java.time.LocalDate.now java.time.LocalDateTime.now java.time.ZonedDateTime.now
                    com.sun.jna.
                    """
                            .split("\\s"));

    private static final Set<String> PRINTS_OR_ENDS =
            Set.of(
                    "java.lang.Runtime.exit",
                    "java.lang.Runtime.halt",
                    "java.lang.System.err",
                    "java.lang.System.exit",
                    "java.lang.System.out");

    /** Constants that look like the name of a command and are none. */
    private static final Set<String> NO_COMMANDS =
            Set.of(
                    // The format of a report, and its maker, by which others know a result again.
                    "sandbox-check",
                    "<testsuites>\n  <testsuite name=\"sandbox check\"",
                    // A file and a folder that a later recording removes if they were left over.
                    "~sandbox-learn.conf",
                    "sandbox-learn");

    private final ClassGraph graph = ClassGraph.ofModules(ROOT);

    ModuleRulesTest() throws IOException {}

    @Test
    void graph_hasTheClassesOfAllModules() {
        assertTrue(graph.classes().size() > 250, "only " + graph.classes().size() + " classes");
        for (String module :
                List.of("syscalldb", "audit", "policy", "evidence", "recorder", "cli")) {
            assertTrue(
                    graph.classes().keySet().stream()
                            .anyMatch(name -> name.startsWith("io.sandbox." + module + ".")),
                    module + " has not been compiled");
        }
    }

    /** No package, class, object or source file of C. */
    @Test
    void nothing_dependsOnItselfThroughOthers() throws Exception {
        Child.of("../scripts/layout --circles").run().assertStatus(0).assertNoOut().assertNoErr();
    }

    private static List<Path> mainSources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(ModuleRulesTest::javaFiles)
                    .toList();
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try {
            return Files.walk(folder).filter(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> packagesThatUse(String library) throws IOException {
        return mainSources().stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .filter(file -> read(file).contains(library))
                .flatMap(file -> read(file).lines().filter(line -> line.startsWith("package ")))
                .map(line -> line.replace("package ", "").replace(";", ""))
                .distinct()
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a source text must have for its package to be among the users. */
    @Table
    void text_isUsedOnlyByThesePackages(String text, String packages) throws IOException {
        assertEquals(packages, packagesThatUse(text).stream().sorted().collect(joining(" ")), text);
    }

    /** An empty word is the beginning of all. */
    @Table
    void classes_useNothingOf(String own, String others, String but) {
        List<String> wrong = new ArrayList<>();
        assertTrue(graph.classes().keySet().stream().anyMatch(name -> name.startsWith(own)), own);
        graph.classes()
                .forEach(
                        (name, uses) -> {
                            for (String use : name.startsWith(own) ? uses : Set.<String>of()) {
                                if (begins(use, others) && !begins(use, own + " " + but)) {
                                    wrong.add(name + " uses " + use);
                                }
                            }
                        });
        assertEquals(List.of(), wrong);
    }

    private static boolean begins(String name, String words) {
        return Stream.of(words.strip().split(" ")).anyMatch(name::startsWith);
    }

    /** Sources hand in signs; a verdict that others make would be a second judge. */
    @Test
    void verdicts_areMadeByTheJudgeAlone() throws IOException {
        Set<String> makers =
                mainSources().stream()
                        .filter(file -> read(file).contains("new Verdict."))
                        .map(file -> file.getFileName().toString())
                        .collect(Collectors.toSet());
        assertEquals(Set.of("Judge.java", "RecordingReader.java"), makers);
    }

    /** A library returns or throws; a command prints and ends. */
    @Test
    void libraries_neitherPrintNorEnd() {
        assertTrue(graph.usesOf("io.sandbox.cli").contains("java.lang.System.exit"));
        List<String> wrong = new ArrayList<>();
        for (String each : graph.packages().keySet()) {
            if (!each.startsWith("io.sandbox.cli")) {
                for (String use : graph.usesOf(each)) {
                    if (PRINTS_OR_ENDS.contains(use)) {
                        wrong.add(each + ": " + use);
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /**
     * A library says what is wrong, and a command says with which of its options or other commands
     * the user can do something about it. A word alone ({@code --quiet}) is for another program.
     */
    @Test
    void libraries_nameNoCommandAndNoOption() throws IOException {
        String verbs = Stream.of(Verbs.values()).map(Verbs::toString).collect(joining("|"));
        Pattern command = Pattern.compile("sandbox[- ](" + verbs + ")\\b|\\bsandboxify\\b");
        Pattern option = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
        Set<String> ours =
                Files.readAllLines(ROOT.resolve("docs/options.md")).stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(0, line.indexOf('`', 3)))
                        .flatMap(line -> option.matcher(line).results())
                        .map(MatchResult::group)
                        .collect(Collectors.toSet());
        assertTrue(ours.contains("--verify") && ours.size() > 50, ours::toString);
        List<String> wrong = new ArrayList<>();
        graph.texts()
                .forEach(
                        (name, texts) -> {
                            for (String text :
                                    name.startsWith("io.sandbox.cli.") ? Set.<String>of() : texts) {
                                boolean options =
                                        text.contains(" ")
                                                && option.matcher(text)
                                                        .results()
                                                        .anyMatch(o -> ours.contains(o.group()));
                                boolean named =
                                        command.matcher(text).find() && !NO_COMMANDS.contains(text);
                                if (options || named) {
                                    wrong.add(name + ": " + text);
                                }
                            }
                        });
        assertEquals(List.of(), wrong);
    }

    /** Packages, with those below them, whose results depend only on their arguments. */
    @Table
    void purePackages_reachNothingOutside(String pure) {
        Set<String> uses = new TreeSet<>();
        graph.packages().keySet().stream()
                .filter(each -> each.equals(pure) || each.startsWith(pure + "."))
                .forEach(each -> uses.addAll(graph.usesOf(each)));
        assertTrue(uses.size() > 10, "the rule must find its subjects: " + uses);
        List<String> wrong =
                uses.stream().filter(use -> IMPURE.stream().anyMatch(use::startsWith)).toList();
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyPackage_saysWhatLivesThere() throws IOException {
        Set<Path> silent = mainSources().stream().map(Path::getParent).collect(Collectors.toSet());
        silent.removeIf(folder -> Files.exists(folder.resolve("package-info.java")));
        assertEquals(Set.of(), silent);
    }

    @Test
    void everyModule_hasAReadmeOfAPage() throws IOException {
        String modules =
                "syscall-db audit-parser reach policy enforcer evidence recorder fleet cli preload";
        for (String module : modules.split(" ")) {
            Path readme = ROOT.resolve(module).resolve("README.md");
            assertTrue(Files.exists(readme), readme + " is missing");
            assertTrue(read(readme).lines().count() <= 60, readme + " is longer than a page");
        }
    }

    // The rules of which folder of {@code preload/src} may include which.

    private static final Path SOURCES = Path.of("../preload/src");
    private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"([^\"]+)\"");

    private static final Map<String, List<String>> BELOW =
            Vectors.beside(ModuleRulesTest.class, "folders.tsv", 2).stream()
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

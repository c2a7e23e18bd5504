// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Vectors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Compares our facts with sources on this machine: common ones equal, others reported. */
final class FactSourcesTest {
    private static final SyscallDb DB = SyscallDb.get();
    private static final Path SYSCALLS_PAGE = Path.of("/usr/share/man/man2/syscalls.2.gz");
    private static final Path IO_URING_HEADER = Path.of("/usr/include/linux/io_uring.h");

    private static final KernelVersion FIRST_OF_3 = KernelVersion.parse("3.0").orElseThrow();

    /** The calls that a source lacks, with a blank between them. */
    private static String lacking(String source) {
        return Vectors.beside(FactSourcesTest.class, "lacking-calls.tsv", 2).stream()
                .filter(row -> row.get(0).equals(source))
                .map(row -> row.get(1))
                .collect(Collectors.joining());
    }

    @Test
    void groups_systemdOfThisMachine_hasTheSameMembers(TestReporter reporter) throws Exception {
        Path analyze = Path.of("/usr/bin/systemd-analyze");
        Assumptions.assumeTrue(Files.exists(analyze), "no systemd-analyze (package systemd)");
        Map<String, Set<String>> theirs = new TreeMap<>();
        Set<String> current = new TreeSet<>();
        for (String line : output(analyze.toString(), "--no-pager", "syscall-filter")) {
            if (line.startsWith("@")) {
                current = new TreeSet<>();
                theirs.put(line, current);
            } else if (line.startsWith("    ") && !line.startsWith("    #")) {
                current.add(line.strip());
            } else if (line.startsWith("#")) {
                break; // calls in no group
            }
        }
        Map<String, Set<String>> ours = new TreeMap<>();
        DB.groups().forEach(group -> ours.put(group.name(), new TreeSet<>(group.members())));
        assertTrue(theirs.size() > 20, "systemd-analyze was not understood");

        String version = output(analyze.toString(), "--version").get(0);
        if (version.startsWith("systemd 257 ")) {
            assertEquals(ours, theirs);
        }
        Set<String> newer = new TreeSet<>();
        theirs.forEach(
                (group, members) -> {
                    Set<String> beyond = new TreeSet<>(members);
                    beyond.removeAll(ours.getOrDefault(group, Set.of()));
                    beyond.forEach(member -> newer.add(group + " " + member));
                });
        reporter.publishEntry("only in the groups of " + version, newer.toString());
        Set<String> unknown = new TreeSet<>();
        DB.allFacts().stream()
                .filter(facts -> !facts.groups().contains("@known"))
                .forEach(facts -> unknown.add(facts.name()));
        assertEquals(lacking("systemd"), String.join(" ", unknown));
    }

    private static List<String> output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor());
        return lines;
    }

    @Test
    void firstKernel_syscallsPageOfThisMachine_saysTheSame() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(SYSCALLS_PAGE), "no page syscalls(2) (package manpages-dev)");
        Pattern entry =
                Pattern.compile("\\\\fB(\\w+)\\\\fP\\(2\\)\t([0-9.]+(?:; [0-9.]+)*)(\t.*)?");
        List<String> different = new ArrayList<>();
        Set<String> theirs = new HashSet<>();
        for (String line : linesOf(SYSCALLS_PAGE)) {
            Matcher found = entry.matcher(line);
            if (found.matches() && DB.facts(found.group(1)).isPresent()) {
                theirs.add(found.group(1));
                String ours = DB.facts(found.group(1)).orElseThrow().firstKernel().toString();
                if (!List.of(found.group(2).split("; ")).contains(ours)) {
                    different.add(line + ": ours is " + ours);
                }
            }
        }
        assertEquals(List.of(), different);
        assertTrue(theirs.size() > 380, () -> "only " + theirs.size() + " were understood");
        Set<String> lacking = Set.of(lacking("syscalls(2)").split(" "));
        assertEquals(
                List.of(),
                DB.allFacts().stream()
                        .filter(facts -> facts.firstKernel().compareTo(FIRST_OF_3) >= 0)
                        .map(SyscallFacts::name)
                        .filter(name -> !theirs.contains(name) && !lacking.contains(name))
                        .toList());
    }

    private static List<String> linesOf(Path gzip) throws IOException {
        try (BufferedReader text =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(gzip)),
                                StandardCharsets.UTF_8))) {
            return text.lines().toList();
        }
    }

    // A newer call's page says "Linux 5.15." under HISTORY, also for what syscalls(2) lacks.
    @Test
    void firstKernel_pagesOfNewerCalls_sayTheSame() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(SYSCALLS_PAGE), "no manual pages (package manpages-dev)");
        List<String> different = new ArrayList<>();
        int compared = 0;
        KernelVersion newer = KernelVersion.parse("5.10").orElseThrow();
        Pattern history = Pattern.compile("Linux (\\d+\\.\\d+)\\..*");
        for (SyscallFacts facts : DB.allFacts()) {
            Path page = Path.of("/usr/share/man/man2/" + facts.name() + ".2.gz");
            if (facts.firstKernel().compareTo(newer) < 0 || !Files.exists(page)) {
                continue;
            }
            List<String> lines = linesOf(page);
            int start = lines.indexOf(".SH HISTORY");
            Matcher found = start < 0 ? null : history.matcher(lines.get(start + 1));
            if (found != null && found.matches()) {
                compared++;
                if (!found.group(1).equals(facts.firstKernel().toString())) {
                    different.add(facts.name() + ": " + found.group());
                }
            }
        }
        assertEquals(List.of(), different);
        assertTrue(compared >= 5, compared + " pages compared");
    }

    @Test
    void ioUringOperations_headerOfThisMachine_hasTheSameNumbers(TestReporter reporter)
            throws IOException {
        Assumptions.assumeTrue(
                Files.exists(IO_URING_HEADER), "no linux/io_uring.h (package linux-libc-dev)");
        compareWithHeader("OP_(\\w+),", DB.ioUringOperations(), reporter);
        compareWithHeader(
                "(?:REGISTER_(?!SRC)|(?=UNREG))(\\w+)\\s*= \\d+,",
                DB.ioUringRegistrations(),
                reporter);
    }

    private static void compareWithHeader(
            String pattern, List<IoUringOperation> known, TestReporter reporter)
            throws IOException {
        Matcher found =
                Pattern.compile("(?m)^\tIORING_" + pattern)
                        .matcher(Files.readString(IO_URING_HEADER));
        List<String> theirs = new ArrayList<>();
        while (found.find()) {
            theirs.add(found.group(1).toLowerCase(Locale.ROOT));
        }
        theirs.remove("last");
        List<String> ours = known.stream().map(IoUringOperation::name).toList();
        int both = Math.min(ours.size(), theirs.size());
        assertTrue(both > 30, "the header was not understood");
        assertEquals(ours.subList(0, both), theirs.subList(0, both));
        reporter.publishEntry(
                "only in this header", theirs.subList(both, theirs.size()).toString());
    }

    @Test
    void ioUringOperations_ofFacts_exist() {
        Set<String> operations =
                DB.ioUringOperations().stream()
                        .map(one -> "IORING_OP_" + one.name().toUpperCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        for (SyscallFacts facts : DB.allFacts()) {
            assertTrue(operations.containsAll(facts.ioUringOperations()), facts.name());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares our look-ups with the real ausyscall, for every arch that it knows. If both know a
 * number, the lines are equal, except that the kernel's name comes before audit's if they differ.
 */
final class AusyscallIT {
    /** In audit's one table for PowerPC, though the kernel has it for 64 bits alone. */
    private static final String OF_PPC64 = "semtimedop";

    private static final SyscallDb DB = SyscallDb.get();
    private static Path ausyscall;

    /** The output of a run; ausyscall's status is 0 or 1. */
    private record Answer(int status, List<String> lines) {}

    @BeforeAll
    static void findProgram() {
        ausyscall = LiveKernel.requireProgram("ausyscall");
    }

    private static Answer ask(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ausyscall.toString()));
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        return new Answer(process.waitFor(), out.lines().toList());
    }

    private static LookupTable ours(String word) {
        return LookupTable.named(word, DB, DB.nativeArch()).orElseThrow();
    }

    private static Map<Integer, String> dump(String arch) throws Exception {
        Map<Integer, String> names = new TreeMap<>();
        for (String line : ask(arch, "--dump").lines().stream().skip(1).toList()) {
            String[] parts = line.split("\t");
            names.put(Integer.parseInt(parts[0]), parts[1]);
        }
        return names;
    }

    // Every word for an arch that ausyscall 4.0.2 accepts, which has no list of them.
    @Table
    void dump_everyArchOfAusyscall_hasItsLines(String arch) throws Exception {
        Map<Integer, String> theirs = dump(arch);
        assertTrue(theirs.size() > 20, () -> "ausyscall knows no " + arch);
        List<String> different = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<Integer, String> line : theirs.entrySet()) {
            Optional<LookupTable.Entry> entry = ours(arch).byNumber(line.getKey());
            if (entry.isEmpty()) {
                missing.add(line.getValue());
            } else if (!entry.get().name().equals(line.getValue())
                    && !entry.get().aliases().equals(List.of(line.getValue()))) {
                different.add(line + " but ours is " + entry.get());
            }
        }
        assertEquals(List.of(), different);
        // Audit has one table for both PowerPC ABIs; these calls are not in the 64-bit one.
        Set<String> expected = new TreeSet<>();
        if (arch.startsWith("ppc64")) {
            theirs.values().stream()
                    .filter(name -> ours("ppc").named(name).size() == 1)
                    .filter(name -> ours(arch).named(name).isEmpty())
                    .forEach(expected::add);
        }
        if (arch.equals("ppc")) {
            expected.add(OF_PPC64);
        }
        assertEquals(expected, new TreeSet<>(missing));
        if (ours(arch).calls().isPresent() && theirs.containsValue("mseal")) { // not an older one
            Set<String> unknown = namesThatAusyscallLacks(ours(arch).label());
            ours(arch).all().stream()
                    .filter(entry -> !theirs.containsKey(entry.number()))
                    .forEach(entry -> assertTrue(unknown.contains(entry.name()), entry::toString));
        }
    }

    private static Set<String> namesThatAusyscallLacks(String arch) throws IOException {
        try (InputStream bytes =
                AusyscallIT.class.getResourceAsStream("unknown-to-ausyscall.csv")) {
            return new String(bytes.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith(arch + ","))
                    .flatMap(line -> Stream.of(line.substring(arch.length() + 1).split("\\|")))
                    .collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x86_64", "i386", "aarch64", "arm", "ppc", "s390", "s390x", "riscv32", "riscv64",
                "uring"
            })
    void exact_everyNameOfAusyscall_givesItsNumber(String arch) throws Exception {
        Map<Integer, String> theirs = dump(arch);
        if (arch.equals("ppc")) {
            theirs.values().remove(OF_PPC64);
        }
        for (Map.Entry<Integer, String> line : theirs.entrySet()) {
            List<LookupTable.Entry> found = ours(arch).named(line.getValue());
            assertEquals(1, found.size(), line::toString);
            assertEquals(line.getKey(), found.get(0).number(), line::toString);
        }
    }

    // A part of names: ours has all lines of ausyscall, in its order. What we have beyond,
    // ausyscall
    // does not know, or the part is in the kernel's name and not in audit's.
    @Table
    void containing_part_hasTheLinesOfAusyscall(String arch, String part) throws Exception {
        Answer theirs = ask(arch, part);
        List<LookupTable.Entry> found = ours(arch).containing(part);
        assertEquals(theirs.status() == 0, !found.isEmpty());
        Map<Integer, String> known = dump(arch);
        List<String> shown = new ArrayList<>();
        for (LookupTable.Entry entry : found) {
            String name = known.get(entry.number());
            if (name != null && name.contains(part.toLowerCase(Locale.ROOT))) {
                shown.add(String.format("%-18s %d", name, entry.number()));
            }
        }
        List<String> expected = new ArrayList<>(theirs.lines());
        expected.removeIf(line -> arch.equals("ppc") && line.startsWith(OF_PPC64 + " "));
        assertEquals(expected, shown);
    }

    // What uname(1) calls armv8l is the 32-bit ABI on a 64-bit machine. Audit has its 64-bit table
    // for it.
    @Test
    void named_armv8l_isThe32BitAbiHere() throws Exception {
        assertEquals("open", ours("armv8l").byNumber(5).orElseThrow().name());
        assertEquals("setxattr", dump("armv8l").get(5));
    }

    @Test
    void byNumber_outOfEveryTable_isUnknownToBoth() throws Exception {
        for (Arch arch : DB.arches()) {
            assertEquals(Optional.empty(), ours(arch.name()).byNumber(8191), arch.name());
        }
        assertEquals(1, ask("x86_64", "8191").status());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Reading;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.testing.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of every version are read for ever, and mean what they meant. {@code scripts/release
 * --keep} adds those of a version, {@code -Dfixtures.rewrite=true} writes what they mean.
 */
class KeptFilesTest {
    private static final Path KEPT = Path.of("src/test/resources/io/sandbox/evidence/kept");
    private static final String EXPECTED = ".expected";

    private static List<Path> kept(String kind) throws IOException {
        try (Stream<Path> files = Files.walk(KEPT)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getParent().endsWith(kind))
                    .filter(file -> !file.toString().endsWith(EXPECTED))
                    .sorted()
                    .toList();
        }
    }

    static List<Path> recordings() throws IOException {
        return kept("recordings");
    }

    static List<Path> policies() throws IOException {
        return kept("policies");
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void recording_meansWhatItMeant(Path file) throws IOException {
        List<String> meaning = new ArrayList<>();
        for (Run run : RecordingReader.read(Files.readAllBytes(file)).runs()) {
            describe(run, meaning);
        }
        compare(file, meaning);
    }

    /** By its parts, since these records may get more of them. */
    private static void describe(Run run, List<String> meaning) {
        meaning.add("run " + run.id() + " " + run.started() + " " + run.millis() + " ms");
        meaning.add("  command " + run.command() + ", status " + run.status());
        meaning.add("  source " + run.source() + " " + run.from());
        Machine machine = run.machine();
        meaning.add("  on " + machine.kernel() + " " + machine.arch() + ", " + machine.tool());
        meaning.add("  enforced " + run.filter().enforced() + " " + run.filter().allowed());
        meaning.add("  reservations " + run.verdict().reservations());
        if (run.verdict() instanceof Verdict.Incomplete incomplete) {
            meaning.add("  lost " + incomplete.lost() + " " + incomplete.causes());
        }
        for (ProgramEvidence program : run.programs()) {
            meaning.add(
                    "  program %s %#x %s"
                            .formatted(program.executable(), program.auditArch(), program.libc()));
            for (CallEvidence call : program.calls()) {
                meaning.add(
                        "    %d: %d from %d ms, %s before the entry, %s, %s"
                                .formatted(
                                        call.number(),
                                        call.count(),
                                        call.firstMillis(),
                                        call.beforeEntry(),
                                        call.origin().map(o -> o.module() + "+" + o.offset()),
                                        call.arguments()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void policy_meansWhatItMeant(Path file) throws IOException {
        byte[] text = Files.readAllBytes(file);
        Reading reading = PolicyFormat.readAny(text);
        String name = file.toString().substring(file.toString().lastIndexOf('.') + 1);
        assertEquals(PolicyFormat.byName(name).orElseThrow().read(text), reading);

        List<String> meaning = new ArrayList<>();
        reading.losses().forEach((Loss loss) -> meaning.add("not in the document: " + loss));
        PolicyMeaning policy = PolicyMeaning.of(reading.document(), Policies.here("x86_64", "6.1"));
        meaning.add("all others: " + policy.aboutUnnameable("x86_64").text());
        for (String arch : List.of("x86_64", "i386")) {
            for (int number = 0; number < 600; number++) {
                String ruling = policy.about(arch, new CallRef.Numbered(number)).text();
                if (!ruling.equals(policy.aboutUnnameable(arch).text())) {
                    meaning.add(arch + " " + number + ": " + ruling);
                }
            }
        }
        compare(file, meaning);
    }

    private static void compare(Path file, List<String> meaning) throws IOException {
        Path expected = Path.of(file + EXPECTED);
        if (Boolean.getBoolean("fixtures.rewrite") && !Files.exists(expected)) {
            Files.write(expected, meaning);
        }
        assertEquals(Files.readAllLines(expected), meaning);
    }

    @Test
    void everyFormat_isKept() throws IOException {
        for (PolicyFormat format : PolicyFormat.values()) {
            assertTrue(
                    policies().stream().anyMatch(file -> file.toString().endsWith("." + format)),
                    () -> format + " has no file: see scripts/release --keep");
        }
    }
}

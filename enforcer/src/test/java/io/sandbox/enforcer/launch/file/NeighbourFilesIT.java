// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Reading;
import io.sandbox.policy.format.Surroundings;
import io.sandbox.policy.format.Writing;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The policies of the programs that are installed here, or below {@code -Dsandbox.neighbours=}, see
 * scripts/debian: each is read and keeps its meaning, or is refused as what it is.
 */
class NeighbourFilesIT {
    private static final Path ROOT = Path.of(System.getProperty("sandbox.neighbours", "/"));

    /** Where packages put them, and which of the files count. */
    private static final Map<String, String> PLACES =
            Map.of(
                    "etc/firejail", ".*\\.profile",
                    "usr/lib/systemd/system", ".*\\.(service|socket|mount|swap|conf)",
                    "lib/systemd/system", ".*\\.(service|socket|mount|swap|conf)",
                    "usr/share/containers", "seccomp\\.json");

    private static final List<String> KINDS =
            List.of(
                    "a profile of firejail without seccomp",
                    "a unit of systemd without SystemCallFilter=",
                    "empty: no policy");

    /** A profile of Debian 13 includes a file by a wrong name. */
    private static final String DANGLING = "/youtube-music-desktop-app: No such file or directory";

    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();

    private static List<Path> files(String place) throws IOException {
        Path folder = ROOT.resolve(place);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !Files.isSymbolicLink(file))
                    .filter(file -> file.getFileName().toString().matches(PLACES.get(place)))
                    .sorted()
                    .toList();
        }
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** Its meaning must survive our own format, which says everything. */
    private void compare(Path file, Reading reading) {
        PolicyDocument document = reading.document();
        Writing writing = PolicyFormat.JSON.write(document, RandomDocuments.HERE);
        PolicyDocument again = Policies.read(writing.text());
        List<PolicyDifference> differences =
                PolicyDifference.between(document, again, RandomDocuments.HERE);
        if (!differences.isEmpty() || !writing.losses().isEmpty()) {
            wrong.add(file + ": " + differences + writing.losses());
        }
        for (Loss loss : reading.losses()) {
            if (loss.effect().contains("no system call")) {
                count("names that no architecture has");
            }
        }
    }

    private void look(Path file, String place) throws IOException {
        try {
            Surroundings around = Surroundings.on("x86_64").withFiles(new FilesBeside(file));
            Reading reading = PolicyFormat.readAny(Files.readAllBytes(file), around);
            count(place + ": read");
            compare(file, reading);
        } catch (PolicyFormatException e) {
            count(place + ": refused: " + e.getMessage());
            boolean isNamed = KINDS.contains(e.getMessage()) || e.getMessage().endsWith(DANGLING);
            if (!isNamed) {
                wrong.add(file + ": " + e.getMessage());
            }
        }
    }

    @Test
    void readAny_eachFile_isReadOrNamed() throws IOException {
        int files = 0;
        for (String place : new TreeMap<>(PLACES).keySet()) {
            for (Path file : files(place)) {
                files++;
                look(file, place);
            }
        }
        counts.forEach((what, count) -> System.out.println(count + "\t" + what));
        assertEquals(List.of(), wrong);
        assertTrue(files > 0 || !ROOT.equals(Path.of("/")), "no files");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DecisionFileTest {
    private static final Decision REFUSED = new Decision(Action.errno(38), false, "no\u001b need");

    @TempDir private Path folder;

    private DecisionFile file() {
        return new DecisionFile(folder.resolve("p.review"));
    }

    private static Finding finding() {
        return new Finding(
                Evidence.drift(Evidence.calls("ptrace"), "read\n").calls().get(0),
                List.of("arg0==1"),
                Optional.empty());
    }

    private String text() throws IOException {
        return Files.readString(folder.resolve("p.review"));
    }

    @Test
    void decisions_areReadAsTheyWereWritten_andForNobodyElse() throws IOException {
        assertEquals(List.of(), file().read());
        file().write(Map.of(finding(), REFUSED));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("p.review"))));
        DecisionFile.Kept kept = file().read().get(0);
        assertTrue(kept.isAbout(finding()));
        assertEquals(REFUSED, kept.decision());
        assertEquals(finding().basis(), kept.basis());
        file().write(Map.of());
        assertFalse(Files.exists(folder.resolve("p.review")));
    }

    @Table
    void damagedFile_isRefusedWithTheReason(String old, String now, String word)
            throws IOException {
        file().write(Map.of(finding(), REFUSED));
        Files.writeString(folder.resolve("p.review"), text().replace(old, now));
        CommandFailure e = assertThrows(CommandFailure.class, () -> file().read());
        assertTrue(e.getMessage().contains("p.review: not decisions of sandbox review: "));
        assertTrue(e.getMessage().contains(word), e::getMessage);
    }

    /** Otherwise the decisions of another user would look like those of root. */
    @Test
    void fileOfAnotherUser_isRefused() throws IOException {
        file().write(Map.of(finding(), REFUSED));
        try {
            Files.setAttribute(folder.resolve("p.review"), "unix:uid", 65534);
        } catch (FileSystemException e) {
            assumeTrue(false, "only root can give a file away");
        }
        String message = assertThrows(CommandFailure.class, file()::read).getMessage();
        assertTrue(message.endsWith("is another user's (--decisions takes another file)"), message);
    }

    private static final Pattern HUNK = Pattern.compile("@@ -(\\d+)(,\\d+)? \\+(\\d+)(,\\d+)? @@");

    /** As diff has it, with what a terminal obeys made visible. */
    @Table
    void of_texts_isTheirDifference(String name, String old, String now, String diff) {
        assertEquals(diff, UnifiedDiff.of(name, old, now));
    }

    @Test
    void farChanges_areTwoHunks_nearOnesOne() {
        String old = "1\n2\n3\n4\n5\n6\n7\n8\n";
        String far = UnifiedDiff.of("p", old, "x\n" + old + "y\n");
        assertEquals(2, far.split("@@ -").length - 1, far);
        String near = UnifiedDiff.of("p", old, ("x\n" + old).replace("7\n", "7\ny\n"));
        assertEquals(2, near.split("@@ -").length - 1, near);
        String nearer = UnifiedDiff.of("p", old, ("x\n" + old).replace("6\n", "6\ny\n"));
        assertEquals(1, nearer.split("@@ -").length - 1, nearer);
    }

    /** The hunks, applied to the old text, make the new one. */
    @Test
    void randomTexts_areMadeByTheirDifference() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            List<String> old = new ArrayList<>();
            for (int line = random.nextInt(30); line > 0; line--) {
                old.add(Integer.toString(random.nextInt(5)));
            }
            List<String> now = new ArrayList<>(old);
            for (int change = random.nextInt(6); change > 0; change--) {
                int place = random.nextInt(now.size() + 1);
                if (place < now.size() && random.nextBoolean()) {
                    now.remove(place);
                } else {
                    now.add(place, Integer.toString(random.nextInt(5)));
                }
            }
            String diff = UnifiedDiff.of("p", text(old), text(now));
            assertEquals(now, apply(diff, old), () -> old + "\n" + diff);
        }
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static List<String> apply(String diff, List<String> old) {
        List<String> made = new ArrayList<>();
        int done = 0;
        for (String line : diff.lines().skip(2).toList()) {
            Matcher hunk = HUNK.matcher(line);
            if (hunk.matches()) {
                int start = Integer.parseInt(hunk.group(1)) - (",0".equals(hunk.group(2)) ? 0 : 1);
                made.addAll(old.subList(done, start));
                done = start;
                assertEquals(
                        Integer.parseInt(hunk.group(3)),
                        made.size() + (",0".equals(hunk.group(4)) ? 0 : 1));
                continue;
            }
            if (line.charAt(0) != '+') {
                assertEquals(old.get(done++), line.substring(1));
            }
            if (line.charAt(0) != '-') {
                made.add(line.substring(1));
            }
        }
        made.addAll(old.subList(done, old.size()));
        return made;
    }
}

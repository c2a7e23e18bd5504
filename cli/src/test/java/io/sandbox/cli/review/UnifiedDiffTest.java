// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class UnifiedDiffTest {
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

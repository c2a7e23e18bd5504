// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.text.VisibleText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The difference between two texts in the unified format, as {@code diff -u} has it. The library
 * java-diff-utils (4.15) was tried: it numbers empty ranges otherwise.
 */
final class UnifiedDiff {
    private static final int CONTEXT = 3;
    private static final String NO_NEWLINE = "\n\\ No newline at end of file";

    /**
     * A line of both texts or of one.
     *
     * @param sign a blank, + or -
     * @param before how many lines of the old text come before it
     * @param after the same of the new text
     */
    private record Line(char sign, int before, int after, String text) {}

    /** Empty if the texts are equal. */
    static String of(String name, String before, String after) {
        List<Line> lines = compare(split(before), split(after));
        StringBuilder out = new StringBuilder();
        int end = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (i < end || lines.get(i).sign() == ' ') {
                continue;
            }
            int last = i;
            for (int j = i; j < lines.size() && j <= last + 2 * CONTEXT + 1; j++) {
                last = lines.get(j).sign() == ' ' ? last : j;
            }
            end = Math.min(lines.size(), last + CONTEXT + 1);
            appendHunk(out, lines.subList(Math.max(0, i - CONTEXT), end));
        }
        String shown = VisibleText.of(name);
        return out.isEmpty() ? "" : "--- " + shown + "\n+++ " + shown + "\n" + out;
    }

    private static void appendHunk(StringBuilder out, List<Line> hunk) {
        long old = hunk.stream().filter(line -> line.sign() != '+').count();
        long now = hunk.stream().filter(line -> line.sign() != '-').count();
        Line first = hunk.get(0);
        out.append("@@ -").append(range(first.before(), old));
        out.append(" +").append(range(first.after(), now)).append(" @@\n");
        hunk.forEach(line -> out.append(line.sign()).append(line.text()).append('\n'));
    }

    /** An empty range has the number of the line before it. */
    private static String range(int before, long count) {
        return (count == 0 ? before : before + 1) + (count == 1 ? "" : "," + count);
    }

    private static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            int until = end < 0 ? text.length() : end;
            lines.add(
                    VisibleText.of(text.substring(start, until).replaceFirst("\r$", ""))
                            + (end < 0 ? NO_NEWLINE : ""));
            start = until + 1;
        }
        return lines;
    }

    /** By the algorithm of E. W. Myers, "An O(ND) Difference Algorithm and Its Variations". */
    private static List<Line> compare(List<String> old, List<String> now) {
        int most = old.size() + now.size();
        int[] furthest = new int[2 * most + 2];
        List<int[]> steps = new ArrayList<>();
        for (int d = 0; ; d++) {
            steps.add(furthest.clone());
            for (int k = -d; k <= d; k += 2) {
                int x = start(furthest, most, d, k);
                while (x < old.size() && x - k < now.size() && old.get(x).equals(now.get(x - k))) {
                    x++;
                }
                furthest[most + k] = x;
                if (x >= old.size() && x - k >= now.size()) {
                    return backwards(old, now, steps, most);
                }
            }
        }
    }

    private static boolean isInsertion(int[] furthest, int most, int d, int k) {
        return k == -d || k != d && furthest[most + k - 1] < furthest[most + k + 1];
    }

    private static int start(int[] furthest, int most, int d, int k) {
        if (d == 0) {
            return 0;
        }
        return isInsertion(furthest, most, d, k)
                ? furthest[most + k + 1]
                : furthest[most + k - 1] + 1;
    }

    private static List<Line> backwards(
            List<String> old, List<String> now, List<int[]> steps, int most) {
        List<Line> lines = new ArrayList<>();
        int x = old.size();
        int y = now.size();
        for (int d = steps.size() - 1; d >= 0; d--) {
            int[] furthest = steps.get(d);
            int k = x - y;
            int from = start(furthest, most, d, k);
            while (x > from && y > from - k) {
                x--;
                y--;
                lines.add(new Line(' ', x, y, old.get(x)));
            }
            if (d > 0 && isInsertion(furthest, most, d, k)) {
                y--;
                lines.add(new Line('+', x, y, now.get(y)));
            } else if (d > 0) {
                x--;
                lines.add(new Line('-', x, y, old.get(x)));
            }
        }
        Collections.reverse(lines);
        return lines;
    }
}

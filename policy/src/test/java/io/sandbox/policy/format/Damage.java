// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages or loses one line of a text at random, the same in each run. */
final class Damage {
    private static final String SIGNS = "\"'{}[]():,=@!$&|-<>. \t\\abelnrstALSP019_\r\u3000";

    private final Random random;

    Damage(long seed) {
        random = new Random(seed);
    }

    /** A text with damage, and the damaged lines, before and after. */
    record Damaged(String text, String lines) {}

    Damaged apply(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        int index = random.nextInt(lines.size());
        String line = lines.get(index);
        String touched = line;
        int place = random.nextInt(line.length() + 1);
        String head = line.substring(0, place);
        String tail = line.substring(place);
        switch (random.nextInt(7)) {
            case 0 -> lines.set(index, head + sign() + tail);
            case 1 -> lines.set(index, head + (tail.isEmpty() ? "" : tail.substring(1)));
            case 2 -> lines.set(index, head + sign() + (tail.isEmpty() ? "" : tail.substring(1)));
            case 3 -> lines.set(index, isDirective(tail) ? line : tail);
            case 4 -> lines.set(index, isDirective(head) ? line : head);
            case 5 -> {
                lines.remove(index);
                return new Damaged(String.join("\n", lines) + "\n", touched);
            }
            default -> {
                if (index + 1 < lines.size()) {
                    touched += lines.get(index + 1);
                    lines.set(index, line + lines.remove(index + 1));
                }
            }
        }
        return new Damaged(String.join("\n", lines) + "\n", touched + lines.get(index));
    }

    /** What is left of a line of firejail may be another line of firejail. */
    private static boolean isDirective(String part) {
        return part.strip().equals("seccomp");
    }

    private char sign() {
        return SIGNS.charAt(random.nextInt(SIGNS.length()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A kernel release such as 2.6.16. In order: 5.9 and 5.9.0 are the same, 5.10 is later. */
public final class KernelVersion implements Comparable<KernelVersion> {
    private static final int MOST_PARTS = 4; // 2.4.8.1

    private final String text;
    private final int[] parts; // padded with zeros

    private KernelVersion(String text, int[] parts) {
        this.text = text;
        this.parts = parts;
    }

    /** Empty unless {@code text} is two to four numbers of up to four digits, separated by dots. */
    public static Optional<KernelVersion> parse(String text) {
        List<Integer> numbers = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('.', start);
            if (end < 0) {
                end = text.length();
            }
            if (end == start || end - start > 4 || !isDigits(text, start, end)) {
                return Optional.empty();
            }
            numbers.add(Integer.parseInt(text, start, end, 10));
            start = end + 1;
        }
        if (numbers.size() < 2 || numbers.size() > MOST_PARTS) {
            return Optional.empty();
        }
        int[] parts = new int[MOST_PARTS];
        for (int i = 0; i < numbers.size(); i++) {
            parts[i] = numbers.get(i);
        }
        return Optional.of(new KernelVersion(text, parts));
    }

    private static boolean isDigits(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(KernelVersion other) {
        for (int i = 0; i < MOST_PARTS; i++) {
            if (parts[i] != other.parts[i]) {
                return Integer.compare(parts[i], other.parts[i]);
            }
        }
        return 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KernelVersion version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(parts[0], parts[1], parts[2], parts[3]);
    }

    /** Returns the version as it was written. */
    @Override
    public String toString() {
        return text;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The signs that speak against a recording, as sources notice them. It is a set: the order in which
 * they were noticed makes no difference, nor does it that one was noticed twice. For one thread.
 */
public final class Signs {
    private final SortedSet<Sign> signs = new TreeSet<>();

    public Signs add(Sign.Kind kind) {
        return add(kind, 0, "");
    }

    public Signs add(Sign.Kind kind, long number, String detail) {
        return add(new Sign(kind, number, detail));
    }

    public Signs add(Sign sign) {
        signs.add(sign);
        return this;
    }

    public Signs addIf(boolean noticed, Sign.Kind kind) {
        return noticed ? add(kind) : this;
    }

    /** Adds a sign unless the number is 0. */
    public Signs addCount(Sign.Kind kind, long number) {
        return addCount(kind, number, "");
    }

    /** Adds a sign unless the number is 0. */
    public Signs addCount(Sign.Kind kind, long number, String detail) {
        return number == 0 ? this : add(kind, number, detail);
    }

    public Signs addAll(Signs others) {
        signs.addAll(others.signs);
        return this;
    }

    /** All of them, in the order of their kinds. */
    public List<Sign> all() {
        return List.copyOf(signs);
    }

    public List<String> sentences() {
        return signs.stream().map(Sign::sentence).toList();
    }
}

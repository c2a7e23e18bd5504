// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which runs of a series are to come, as far as is known, and about how long they take. */
final class Forecast {
    private final boolean driven;
    private final List<State> inStates = new ArrayList<>();
    private int usual;
    private double thought;
    private double took;

    /** {@code driven}: whether the target is a server that is driven. */
    Forecast(boolean driven) {
        this.driven = driven;
    }

    /** Forgets what was expected before. Each state is in the list as often as it is tried. */
    void expect(int runs, List<State> states) {
        usual = runs;
        inStates.clear();
        states.forEach(each -> inStates.addAll(Collections.nCopies(each.runs().size(), each)));
    }

    void addUsual(int runs) {
        usual += runs;
    }

    /** {@code counts}: whether it need not be repeated. */
    void ranIn(State state, boolean counts, long millis, long usualMillis) {
        thought += state.millis(usualMillis, driven);
        took += millis;
        if (counts) {
            inStates.remove(state);
        }
    }

    int runs() {
        return Math.max(usual, 0) + inStates.size();
    }

    /** The runs in states have the pace of those before them. */
    long millis(long usualMillis) {
        double pace = thought == 0 ? 1 : took / thought;
        long states = inStates.stream().mapToLong(each -> each.millis(usualMillis, driven)).sum();
        return Math.max(usual, 0) * usualMillis + Math.round(pace * states);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Collects the distinct values of watched arguments, unless too many or one is unknown. */
final class ArgumentTally {
    /** For calls whose arguments are not collected. */
    static final ArgumentTally NONE = new ArgumentTally(List.of(), 0);

    private final List<WatchedArgument> watched;
    private final int limit;

    /** In the order of the watched arguments. */
    private final Set<List<Long>> values = new HashSet<>();

    private boolean givenUp;

    /** {@code limit}: how many distinct values are kept; 0 for none. */
    ArgumentTally(List<WatchedArgument> watched, int limit) {
        this.watched = watched;
        this.limit = limit;
        givenUp = watched.isEmpty() || limit == 0;
    }

    void add(Sighting sighting) {
        if (givenUp) {
            return;
        }
        List<Long> all = new ArrayList<>(watched.size());
        for (WatchedArgument argument : watched) {
            OptionalLong value = argument.read(sighting);
            if (value.isEmpty()) {
                giveUp();
                return;
            }
            all.add(value.getAsLong());
        }
        add(all);
    }

    /** Adds values that were read with the masks of the arguments. */
    private void add(List<Long> all) {
        values.add(all);
        if (values.size() > limit) {
            giveUp();
        }
    }

    private void giveUp() {
        givenUp = true;
        values.clear();
    }

    /**
     * The values that the kernel has collected, in the form of {@link CallEvidence#arguments}.
     *
     * @param values for each combination, those of the watched arguments in order
     */
    static Optional<List<String>> conditions(
            List<WatchedArgument> watched, List<List<Long>> values) {
        ArgumentTally tally = new ArgumentTally(watched, values.size());
        if (!tally.givenUp) {
            values.forEach(tally::add);
        }
        return tally.conditions();
    }

    /** The values in the form of {@link CallEvidence#arguments}. */
    Optional<List<String>> conditions() {
        if (givenUp) {
            return Optional.empty();
        }
        List<String> conditions = new ArrayList<>();
        for (List<Long> each : values) {
            List<String> text = new ArrayList<>();
            for (int i = 0; i < watched.size(); i++) {
                if (watched.get(i).counts(each.get(i), i == 0 ? 0 : each.get(i - 1))) {
                    text.add(watched.get(i).condition(each.get(i)));
                }
            }
            conditions.add(String.join(",", text));
        }
        return Optional.of(conditions);
    }
}

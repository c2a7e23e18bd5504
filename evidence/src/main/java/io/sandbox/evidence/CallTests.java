// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which tests of a run made a call.
 *
 * @param outside how many of the calls were made outside of tests: at start-up, by the framework
 * @param count how many tests certainly made it
 * @param smallest the test that made it with the fewest distinct calls, and of several such the
 *     first by name. Several names if one of these tests made it, and nobody knows which. Empty if
 *     no test made it
 * @param certain whether the thread that ran the test made the call, or a process that was started
 *     while no other test ran; otherwise it was another thread or process, at that time
 * @param calls how many distinct calls that test made; 0 if {@code smallest} is not one test
 */
public record CallTests(
        long outside, int count, List<String> smallest, boolean certain, int calls) {
    /** The most names that are shown of the tests of which one made the call. */
    private static final int MOST_NAMES = 4;

    /** No name of a test begins so. */
    private static final String STATE = "state: ";

    private static final Comparator<CallTests> BETTER =
            Comparator.comparing((CallTests tests) -> tests.smallest.isEmpty())
                    .thenComparing(tests -> !tests.certain)
                    .thenComparing(tests -> tests.smallest.size())
                    .thenComparing(CallTests::calls)
                    .thenComparing(tests -> String.join("\n", tests.smallest));

    public CallTests {
        smallest = smallest.stream().sorted().distinct().toList();
        if (outside < 0 || count < 0 || calls < 0) {
            throw new IllegalArgumentException("tests: a negative number");
        }
        if (certain ? smallest.size() != 1 || count == 0 : count != 0) {
            throw new IllegalArgumentException("tests: count does not fit certain");
        }
        if (smallest.size() == 1 ? calls == 0 : calls != 0) {
            throw new IllegalArgumentException("tests: calls does not fit smallest");
        }
    }

    /** A call that only runs in these states made, as far as is known. */
    static CallTests ofStates(Collection<String> states) {
        return new CallTests(
                0,
                0,
                states.stream().map(STATE::concat).toList(),
                false,
                states.size() == 1 ? 1 : 0);
    }

    /** Whether it names states of a series, and no tests. */
    public boolean areStates() {
        return smallest.stream().anyMatch(name -> name.startsWith(STATE));
    }

    /** Who made the call, such as {@code StoreTest.rotates}; names are as they were told. */
    public String makers() {
        if (smallest.isEmpty()) {
            return "none, only outside of tests";
        }
        if (areStates()) {
            return "only in the state"
                    + (smallest.size() == 1 ? " " : "s ")
                    + String.join(", ", smallest).replace(STATE, "");
        }
        if (smallest.size() == 1) {
            return smallest.get(0) + (certain ? "" : ", in another thread or process");
        }
        int more = smallest.size() - MOST_NAMES;
        return "one of "
                + String.join(", ", smallest.subList(0, Math.min(MOST_NAMES, smallest.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }

    public boolean isOnlyOutside() {
        return smallest.isEmpty();
    }

    /** Both. The tests may be the same in another run, so {@code count} is the higher one. */
    public CallTests plus(CallTests other) {
        CallTests better = BETTER.compare(this, other) <= 0 ? this : other;
        return new CallTests(
                outside + other.outside,
                Math.max(count, other.count),
                better.smallest,
                better.certain,
                better.calls);
    }
}

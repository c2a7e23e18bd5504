// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which tests made one call of one program. */
final class TestTally {
    private final BitSet certain = new BitSet();
    private final BitSet perhaps = new BitSet();
    private long outside;

    /** The fewest tests of which one made the call; null if that never was all that is known. */
    private int[] oneOf;

    private OpenTests.Maker last;

    void add(OpenTests.Maker maker) {
        if (maker.tests().length == 0) {
            outside++;
        } else if (maker != last) {
            last = maker;
            note(maker);
        }
    }

    private void note(OpenTests.Maker maker) {
        int[] tests = maker.tests();
        if (tests.length == 1) {
            (maker.certain() ? certain : perhaps).set(tests[0]);
        } else if (oneOf == null || tests.length < oneOf.length) {
            oneOf = tests;
        }
    }

    /** Adds the tests that alone made the call, or seem to have. */
    void addMakers(BitSet makers) {
        makers.or(certain);
        makers.or(perhaps);
    }

    /** {@code sizes}: how many distinct calls each test made. */
    CallTests result(OpenTests tests, int[] sizes) {
        BitSet candidates = certain.isEmpty() ? perhaps : certain;
        if (!candidates.isEmpty()) {
            Comparator<Integer> bySize = Comparator.comparingInt(test -> sizes[test]);
            int smallest =
                    candidates.stream()
                            .boxed()
                            .min(bySize.thenComparing(tests::name))
                            .orElseThrow();
            return new CallTests(
                    outside,
                    certain.cardinality(),
                    List.of(tests.name(smallest)),
                    !certain.isEmpty(),
                    sizes[smallest]);
        }
        List<String> names = new ArrayList<>();
        if (oneOf != null) {
            IntStream.of(oneOf).forEach(test -> names.add(tests.name(test)));
        }
        return new CallTests(outside, 0, names, false, 0);
    }
}

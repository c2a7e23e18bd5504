// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;

class TestTallyTest {
    private static final int JVM = 1;
    private static final int OTHER = 99;

    private final OpenTests tests = new OpenTests();
    private final TestTally tally = new TestTally();

    /** A call while these tests are open, by the thread of the first or, after ?, by another. */
    private void call(String text) {
        String names = text.replace("?", "");
        String[] open = names.isEmpty() ? new String[0] : names.split(" ");
        for (int i = 0; i < open.length; i++) {
            tests.begin(JVM, i + 1, i, open[i]);
        }
        tests.turnTo(JVM, text.startsWith("?") ? OTHER : 1);
        tally.add(tests.maker());
        for (int i = 0; i < open.length; i++) {
            tests.end(JVM, i);
        }
    }

    /** The tests are {@code large}, of 9 calls, and {@code small} and {@code also}, of 4. */
    @Table
    void result_ofCalls_isTheMostCertainAndThenTheSmallest(String calls, String expected) {
        for (String name : new String[] {"large", "small", "also"}) {
            tests.begin(JVM, JVM, 1, name);
            tests.end(JVM, 1);
        }
        for (String call : calls.split("; ", -1)) {
            call(call);
        }
        CallTests made = tally.result(tests, new int[] {9, 4, 4});
        String form = "outside %d, count %d, smallest %s of %d, certain %s";
        assertEquals(
                expected,
                form.formatted(
                        made.outside(),
                        made.count(),
                        made.smallest(),
                        made.calls(),
                        made.certain()));
    }
}

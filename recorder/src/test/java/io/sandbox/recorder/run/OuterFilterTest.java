// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Sign;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.stream.Stream;

/** What /proc/PID/status says of a filter that was in force before us. */
class OuterFilterTest {
    @Table
    void parseSigns_filter_isOne(String seccomp, boolean refusalsSeen, String kind) {
        assertEquals(
                Stream.of(kind)
                        .filter(word -> !word.isEmpty())
                        .map(word -> new Sign(Sign.Kind.valueOf(word), 0, ""))
                        .toList(),
                OuterFilter.parseSigns(List.of("Name:\tx", seccomp, "Uid:\t0"), refusalsSeen)
                        .all());
    }
}

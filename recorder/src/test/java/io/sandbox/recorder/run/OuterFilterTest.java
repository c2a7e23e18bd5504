// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.Sign;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What /proc/PID/status says of a filter that was in force before us. */
class OuterFilterTest {
    private static List<Sign> signs(String seccomp, boolean refusalsSeen) {
        return OuterFilter.parseSigns(List.of("Name:\tx", seccomp, "Uid:\t0"), refusalsSeen).all();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Seccomp:\t1", "Seccomp:\t2"})
    void parseSigns_filter_isOne(String seccomp) {
        assertEquals(List.of(new Sign(Sign.Kind.OUTER_FILTER, 0, "")), signs(seccomp, false));
        assertEquals(
                List.of(new Sign(Sign.Kind.OUTER_FILTER_IS_SEEN, 0, "")), signs(seccomp, true));
    }

    @Test
    void parseSigns_noFilter_areNone() {
        assertEquals(List.of(), signs("Seccomp:\t0", false));
        assertEquals(List.of(), signs("Seccomp_filters:\t2", true));
    }
}

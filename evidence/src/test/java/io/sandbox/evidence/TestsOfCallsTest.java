// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.testing.Evidence;
import io.sandbox.syscalldb.ObservedCall;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TestsOfCallsTest {
    private static final CallTests OUTSIDE = new CallTests(2, 0, List.of(), false, 0);
    private static final CallTests OF_A_TEST = new CallTests(0, 1, List.of("a"), true, 3);

    private static ProgramEvidence program(String path, int number, Optional<CallTests> tests) {
        OptionalLong none = OptionalLong.empty();
        CallEvidence call =
                new CallEvidence(
                        number, 1, 0, none, none, Optional.empty(), Optional.empty(), tests);
        return new ProgramEvidence(path, RandomRecordings.X86_64, List.of(call));
    }

    private static TestsOfCalls of(ProgramEvidence... programs) {
        return TestsOfCalls.of(Recording.of(Evidence.run("1", programs)));
    }

    @Test
    void of_runsWithoutTests_isNotKnown() {
        TestsOfCalls none = of(program("/a", 1, Optional.empty()));
        assertFalse(none.isKnown());
        assertFalse(none.hasTests());
    }

    /** The tests were looked for, but none was marked. */
    @Test
    void of_callsOutsideOfTests_isKnownButHasNoTests() {
        TestsOfCalls outside = of(program("/a", 1, Optional.of(OUTSIDE)));
        assertTrue(outside.isKnown());
        assertFalse(outside.hasTests());
    }

    @Test
    void of_oneCallOfATest_hasTests() {
        TestsOfCalls found =
                of(
                        program("/a", 1, Optional.of(OUTSIDE)),
                        program("/b", 1, Optional.of(OF_A_TEST)),
                        program("/c", 2, Optional.of(OUTSIDE)));
        assertTrue(found.hasTests());
        assertEquals(
                Optional.of(OUTSIDE.plus(OF_A_TEST)),
                found.of(ObservedCall.of(RandomRecordings.X86_64, 1)));
        assertEquals(Optional.empty(), found.of(ObservedCall.of(RandomRecordings.X86_64, 3)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.EvidenceCollector;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The questions about a logged target's calls are answered, but not for ever. */
final class GuardedCallsTest {
    private static final int SECCOMP = 317;
    private static final int SET_MODE_FILTER = 1;

    @Test
    void answerWaiting_oneQuestionFollowsTheOther_returns() {
        FakeListener listener = new FakeListener();
        for (int i = 0; i < 100; i++) {
            listener.ask(SECCOMP, SET_MODE_FILTER);
        }
        EvidenceCollector evidence = Plans.plan().beginEvidence(Instant.now());
        try (GuardedCalls calls = new GuardedCalls(listener, Plans.plan(), evidence, 1)) {
            calls.answerWaiting();
            assertEquals(64, listener.made.size());
            calls.answerWaiting();
            assertEquals(100, listener.made.size());
        }
        assertEquals(100, evidence.records());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.drift;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.evidence.testing.RunText;
import io.sandbox.syscalldb.testing.Table;
import java.util.List;
import java.util.stream.Collectors;

final class DoubtsTest {
    /**
     * @param inEvidence what sandbox review tells beside its questions
     * @param tolerated what is told with {@code a}, which is no doubt
     */
    @Table
    void about_evidence_isWhatTheToleranceLeaves(
            String runs,
            String policy,
            String tolerance,
            String doubts,
            String inEvidence,
            String tolerated) {
        Drift drift = drift(RunText.recording(runs), policy);
        Tolerance of = new Tolerance(tolerance.equals("gaps"), tolerance.equals("failures"));
        assertEquals(
                doubts,
                Doubts.about(drift, of).stream()
                        .map(doubt -> doubt.kind() + " " + doubt.sentence())
                        .collect(Collectors.joining(" // ")));
        assertEquals(inEvidence, String.join(" // ", Doubts.inEvidence(drift)));
        assertEquals(tolerated, String.join(" // ", Doubts.withTolerated(List.of("a"), drift, of)));
    }
}

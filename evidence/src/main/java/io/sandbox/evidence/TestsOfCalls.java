// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which tests make each call, by all runs and programs of a recording.
 *
 * @param byCall only calls of runs where that was looked at
 */
public record TestsOfCalls(Map<ObservedCall, CallTests> byCall) {
    public TestsOfCalls {
        byCall = new TreeMap<>(byCall);
    }

    public static TestsOfCalls of(Recording recording) {
        Map<ObservedCall, CallTests> byCall = new TreeMap<>();
        for (Run run : recording.runs()) {
            for (ProgramEvidence program : run.programs()) {
                for (CallEvidence call : program.calls()) {
                    if (call.tests().isPresent()) {
                        byCall.merge(
                                ObservedCall.of(program.auditArch(), call.number()),
                                call.tests().get(),
                                CallTests::plus);
                    }
                }
            }
        }
        return new TestsOfCalls(byCall);
    }

    /** Empty if it was not looked at. */
    public Optional<CallTests> of(ObservedCall call) {
        return Optional.ofNullable(byCall.get(call));
    }

    /** Whether it was looked at which tests make the calls. */
    public boolean isKnown() {
        return !byCall.isEmpty();
    }

    /** Whether any test was marked that made a call. */
    public boolean hasTests() {
        return byCall.values().stream().anyMatch(tests -> !tests.isOnlyOutside());
    }
}

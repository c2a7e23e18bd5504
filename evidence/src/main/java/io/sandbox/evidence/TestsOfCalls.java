// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.ObservedCall;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which tests make each call, by all runs and programs of a recording. A series that tries several
 * states is seen in the same way: a call that no usual run made is of the states that made it. So
 * is a call that was only made in an exec into a container.
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
        states(recording)
                .forEach((call, states) -> byCall.putIfAbsent(call, CallTests.ofStates(states)));
        return new TestsOfCalls(byCall);
    }

    private static Map<ObservedCall, Set<String>> states(Recording recording) {
        Map<ObservedCall, Set<String>> states = new TreeMap<>();
        for (Run run : recording.runs()) {
            for (ObservedCall call : run.calls()) {
                states.computeIfAbsent(call, key -> new TreeSet<>())
                        .add(run.state().isEmpty() ? RecordingWriter.EXEC : run.state());
            }
        }
        for (Run run : recording.runs()) {
            if (run.state().isEmpty()) {
                run.withoutExec().calls().forEach(states::remove);
            }
        }
        return states;
    }

    /** Empty if it was not looked at. */
    public Optional<CallTests> of(ObservedCall call) {
        return Optional.ofNullable(byCall.get(call));
    }

    /** Whether it was looked at which tests make the calls. */
    public boolean isKnown() {
        return byCall.values().stream().anyMatch(tests -> !tests.areStates());
    }

    public boolean hasTests() {
        return byCall.values().stream()
                .anyMatch(tests -> !tests.isOnlyOutside() && !tests.areStates());
    }
}

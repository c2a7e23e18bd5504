// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.drift;

import io.sandbox.recorder.evidence.Run;
import java.util.List;

/**
 * How evidence and a policy differ.
 *
 * @param calls that the policy does not allow, or may not; those of each architecture by name
 * @param unused what the policy allows and no run shows, in the order of the file
 * @param gaps runs that lost records which no later run makes up for
 * @param failures runs whose program did not end with status 0, those under enforcement excepted
 * @param passed calls that some run let pass without a record, that none recorded, and that the
 *     policy does not allow, as entries of a list
 * @param distinctCalls how many distinct calls the evidence shows
 * @param records how many records it is made of
 * @param runs how many runs, readings of logs included
 */
public record Drift(
        List<CallDrift> calls,
        List<UnusedRule> unused,
        List<Run> gaps,
        List<Run> failures,
        List<String> passed,
        int distinctCalls,
        long records,
        int runs) {
    public Drift {
        calls = List.copyOf(calls);
        unused = List.copyOf(unused);
        gaps = List.copyOf(gaps);
        failures = List.copyOf(failures);
        passed = List.copyOf(passed);
    }

    /** Calls that are certainly not allowed. */
    public List<CallDrift> forbidden() {
        return calls.stream().filter(call -> call.kind() != CallDrift.Kind.UNDECIDED).toList();
    }

    /** Calls of which the evidence does not tell whether they are allowed. */
    public List<CallDrift> undecided() {
        return calls.stream().filter(call -> call.kind() == CallDrift.Kind.UNDECIDED).toList();
    }
}

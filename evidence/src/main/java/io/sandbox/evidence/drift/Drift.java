// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Run;
import java.util.List;
import java.util.stream.Stream;

/**
 * How evidence and a policy differ.
 *
 * @param calls calls that the policy does not allow or perhaps does not allow; by architecture,
 *     then name
 * @param unused what the policy allows and no run made, in the order of the file
 * @param gaps incomplete runs whose gaps no later run fills
 * @param failures runs without enforcement, in no state, whose program did not end with status 0
 * @param passed calls that some run let pass without a record, that no run recorded, and that the
 *     policy does not allow; as entries of a list
 * @param distinctCalls how many distinct calls the evidence shows
 * @param records how many records the evidence has
 * @param runs how many runs the evidence has, including readings of logs
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

    public Drift withUnused(List<UnusedRule> rules) {
        return new Drift(calls, rules, gaps, failures, passed, distinctCalls, records, runs);
    }

    /** This drift if the records are of calls that a filter refused, perhaps that of the policy. */
    public Drift ofRefusals() {
        List<CallDrift> others = calls.stream().map(CallDrift::ofRefusal).toList();
        return new Drift(others, unused, gaps, failures, passed, distinctCalls, records, runs);
    }

    /** Calls that are certainly not allowed, and about which nobody has decided. */
    public List<CallDrift> forbidden() {
        return calls.stream()
                .filter(call -> call.kind() != CallDrift.Kind.UNDECIDED)
                .filter(call -> call.kind() != CallDrift.Kind.REFUSED)
                .toList();
    }

    /** Calls that are refused by decision. */
    public List<CallDrift> refused() {
        return calls.stream().filter(call -> call.kind() == CallDrift.Kind.REFUSED).toList();
    }

    /** What reports name: {@link #forbidden}, then {@link #refused}. */
    public List<CallDrift> notAllowed() {
        return Stream.concat(forbidden().stream(), refused().stream()).toList();
    }

    /** Calls that are allowed or not depending on arguments that the evidence does not show. */
    public List<CallDrift> undecided() {
        return calls.stream().filter(call -> call.kind() == CallDrift.Kind.UNDECIDED).toList();
    }
}

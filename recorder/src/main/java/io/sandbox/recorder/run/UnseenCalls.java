// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.syscalldb.ObservedCall;
import java.util.List;
import java.util.stream.Stream;

/** The calls that a run's filter lets pass without a record. */
final class UnseenCalls {
    private final int auditArch;
    private final List<PolicyEntry> entries;

    UnseenCalls(RunPlan plan) {
        auditArch = plan.arch().auditArch();
        entries =
                PolicyText.parseEntries(String.join(":", plan.filter().allowed())).stream()
                        .filter(entry -> entry.errno().isEmpty())
                        .toList();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether the call would have passed without a record. */
    boolean include(CallListener call) {
        return entriesOf(call.auditArch(), call.number())
                .anyMatch(entry -> holds(entry.conditions(), call));
    }

    /** Whether the call would have passed without a record, whatever its arguments are. */
    boolean includeAlways(int arch, int number) {
        return entriesOf(arch, number).anyMatch(entry -> entry.conditions().isEmpty());
    }

    private Stream<PolicyEntry> entriesOf(int arch, int number) {
        return arch == auditArch
                ? entries.stream().filter(entry -> isOf(entry.call(), arch, number))
                : Stream.empty();
    }

    private static boolean isOf(CallRef reference, int arch, int number) {
        return reference instanceof CallRef.Numbered numbered
                ? numbered.number() == number
                : reference.toString().equals(ObservedCall.of(arch, number).displayName());
    }

    private static boolean holds(List<Condition> conditions, CallListener call) {
        return conditions.stream()
                .allMatch(condition -> condition.holds(call.argument(condition.argument())));
    }
}

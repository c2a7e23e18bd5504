// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.syscalldb.ObservedCall;
import java.util.List;

/** The calls that a run's filter lets pass without a record. */
final class UnseenCalls {
    private final int auditArch;
    private final List<PolicyEntry> entries;

    UnseenCalls(RunPlan plan) {
        auditArch = plan.arch().auditArch();
        entries = PolicyText.parseEntries(String.join(":", plan.filter().allowed()));
    }

    /** Whether the call would have passed without a record. */
    boolean include(CallListener call) {
        return call.auditArch() == auditArch
                && entries.stream()
                        .filter(entry -> isOf(entry.call(), call))
                        .anyMatch(entry -> holds(entry.conditions(), call));
    }

    private static boolean isOf(CallRef reference, CallListener call) {
        if (reference instanceof CallRef.Numbered numbered) {
            return numbered.number() == call.number();
        }
        return reference
                .toString()
                .equals(ObservedCall.of(call.auditArch(), call.number()).displayName());
    }

    private static boolean holds(List<Condition> conditions, CallListener call) {
        return conditions.stream()
                .allMatch(condition -> condition.holds(call.argument(condition.argument())));
    }
}

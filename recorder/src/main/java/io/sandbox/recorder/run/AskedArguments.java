// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.Question;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.syscalldb.ObservedCall;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The questions by which a logged target's arguments are learned where the kernel cannot collect
 * them. The filter asks only about what it cannot tell itself: where a call is usually made for one
 * thing, it logs those calls, and asks about the others.
 */
final class AskedArguments {
    /** Where none are asked for. */
    static final AskedArguments NONE = new AskedArguments(List.of());

    private static final int LOG = 0x7ffc_0000; // linux/seccomp.h

    private final List<Question> questions;

    /** By their audit architectures and numbers. */
    private final Set<Long> asked = new HashSet<>();

    private final Set<Long> plain = new HashSet<>();

    private AskedArguments(List<Question> questions) {
        this.questions = questions;
        for (Question each : questions) {
            asked.add(key(each.auditArch(), each.number()));
            if (!each.unusual().isEmpty()) {
                plain.add(key(each.auditArch(), each.number()));
            }
        }
    }

    static AskedArguments of(RunPlan plan) {
        return new AskedArguments(
                TracedArguments.watched(plan.arguments()).stream()
                        .map(call -> question(call, WatchedArgument.of(call, plan.arguments())))
                        .toList());
    }

    private static Question question(ObservedCall call, List<WatchedArgument> arguments) {
        Map<Integer, Long> unusual = new HashMap<>();
        if (arguments.stream().allMatch(each -> each.unusual().isPresent())) {
            arguments.forEach(each -> unusual.put(each.index(), each.unusual().getAsLong()));
        }
        return new Question(call.auditArch(), call.number(), unusual);
    }

    /** The filter, which logs, with these questions. */
    BpfProgram askedBy(BpfProgram filter) {
        return questions.isEmpty() ? filter : filter.askingInsteadOfLog(questions);
    }

    boolean include(SeccompRecord record) {
        return asked.contains(key(record.arch(), record.syscall()));
    }

    /** Whether a call was logged because all that counts of its arguments is 0. */
    boolean arePlain(SeccompRecord record) {
        return record.hasCode()
                && record.code() == LOG
                && plain.contains(key(record.arch(), record.syscall()));
    }

    private static long key(int arch, int number) {
        return (long) arch << Integer.SIZE | number & 0xffffffffL;
    }
}

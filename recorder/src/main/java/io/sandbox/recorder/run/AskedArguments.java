// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.Question;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.syscalldb.ObservedCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The questions by which a logged target's arguments are learned where the kernel cannot collect
 * them. The filter asks only about what it cannot tell itself: where a call is usually made for one
 * thing, it logs those calls, and asks about the others.
 */
record AskedArguments(Map<ObservedCall, Question> questions) {
    /** Where none are asked for. */
    static final AskedArguments NONE = new AskedArguments(Map.of());

    static AskedArguments of(RunPlan plan) {
        Map<ObservedCall, Question> questions = new TreeMap<>();
        for (ObservedCall call : TracedArguments.watched(plan.arguments())) {
            questions.put(call, question(call, WatchedArgument.of(call, plan.arguments())));
        }
        return new AskedArguments(questions);
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
        return questions.isEmpty()
                ? filter
                : filter.askingInsteadOfLog(List.copyOf(questions.values()));
    }

    boolean include(SeccompRecord record) {
        return questions.containsKey(ObservedCall.of(record.arch(), record.syscall()));
    }

    /** Whether a call was logged because all that counts of its arguments is 0. */
    boolean arePlain(SeccompRecord record) {
        if (questions.isEmpty() || !record.hasCode() || record.code() != BpfNumbers.LOG) {
            return false;
        }
        Question question = questions.get(ObservedCall.of(record.arch(), record.syscall()));
        return question != null && !question.unusual().isEmpty();
    }
}

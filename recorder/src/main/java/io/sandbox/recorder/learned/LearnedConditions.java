// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.learned;

import io.sandbox.enforcer.launch.process.ObservedCall;
import io.sandbox.recorder.evidence.CallEvidence;
import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.recorder.evidence.Recording;
import io.sandbox.recorder.evidence.Run;
import io.sandbox.syscalldb.Arch;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * With which arguments a call may be allowed: those that were seen, if all of them were seen and
 * they are few. A call that passed a run's filter with any arguments was not seen there.
 */
public final class LearnedConditions {
    /** Every call with any arguments. */
    public static final LearnedConditions NONE = new LearnedConditions(0);

    private final int limit;
    private final Map<ObservedCall, Set<String>> conditions = new TreeMap<>();
    private final Set<ObservedCall> unknown = new HashSet<>();
    private final Set<String> passed = new HashSet<>();

    private LearnedConditions(int limit) {
        this.limit = limit;
    }

    /**
     * From what all programs did.
     *
     * @param limit how many different values of a call's arguments are still few; 0 to take none
     */
    public static LearnedConditions of(Recording recording, int limit) {
        return limit == 0 ? NONE : of(recording, limit, program -> true);
    }

    /** From what one program did. */
    static LearnedConditions ofExecutable(Recording recording, int limit, String executable) {
        return limit == 0
                ? NONE
                : of(recording, limit, program -> program.executable().equals(executable));
    }

    private static LearnedConditions of(
            Recording recording, int limit, Predicate<ProgramEvidence> programs) {
        LearnedConditions learned = new LearnedConditions(limit);
        for (Run run : recording.runs()) {
            learned.passed.addAll(run.filter().allowed());
            run.programs().stream().filter(programs).forEach(learned::add);
        }
        return learned;
    }

    private void add(ProgramEvidence program) {
        for (CallEvidence evidence : program.calls()) {
            ObservedCall call = ObservedCall.of(program.auditArch(), evidence.number());
            if (evidence.arguments().isPresent()) {
                conditions
                        .computeIfAbsent(call, key -> new TreeSet<>())
                        .addAll(evidence.arguments().get());
            } else {
                unknown.add(call);
            }
        }
    }

    /** What a list for {@code arch} has behind the call's name, each; nothing means always. */
    Collection<String> of(ObservedCall call, Arch arch) {
        Set<String> known = conditions.getOrDefault(call, Set.of());
        Optional<String> name = call.listEntry(arch);
        boolean few = known.size() <= limit && !unknown.contains(call);
        return few && name.filter(passed::contains).isEmpty() ? known : Set.of();
    }
}

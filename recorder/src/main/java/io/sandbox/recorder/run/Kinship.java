// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.process.ProcessAge;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;

/** Whether a process descends from the target, as far as its living ancestors show (proc(5)). */
interface Kinship {
    /** How a process is related to the target. */
    enum Kin {
        /** It descends from a process of the target. */
        OURS,
        /** It descends from a process that is older than the target and not an ancestor of it. */
        STRANGER,
        /** It has ended, or an ancestor of the target, such as process 1, adopted it. */
        UNKNOWN
    }

    /** {@code isOurs}: whether a process is known to belong to the target. */
    Kin of(int process, IntPredicate isOurs);

    /** {@code target}: the target's first process. */
    static Kinship to(int target) {
        Set<Integer> forebears = new HashSet<>();
        int process = ProcessStatus.query(target).parent().orElse(0);
        while (process > 0 && forebears.add(process)) {
            process = ProcessStatus.query(process).parent().orElse(0);
        }
        OptionalLong begin = ProcessAge.queryStartTicks(target);
        return (child, isOurs) -> query(child, isOurs, forebears, begin);
    }

    private static Kin query(
            int process, IntPredicate isOurs, Set<Integer> forebears, OptionalLong begin) {
        int current = process;
        while (current > 0 && !forebears.contains(current)) {
            if (isOurs.test(current)) {
                return Kin.OURS;
            }
            OptionalLong start = ProcessAge.queryStartTicks(current);
            if (start.isEmpty()) {
                return Kin.UNKNOWN;
            }
            if (begin.isPresent() && start.getAsLong() < begin.getAsLong()) {
                return Kin.STRANGER;
            }
            OptionalInt parent = ProcessStatus.query(current).parent();
            current = parent.orElse(0);
        }
        return Kin.UNKNOWN;
    }
}

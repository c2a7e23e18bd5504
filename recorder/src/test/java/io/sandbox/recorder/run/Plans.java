// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plans of runs for tests, and their results. */
final class Plans {
    private static final List<String> NAME = List.of("/bin/x");
    private static final Arch ARCH = SyscallDb.get().arch("x86_64");

    /** A plan by which every call is logged, starting in the preloaded library. */
    static RunPlan plan() {
        return preloaded(false, Optional.empty(), ArgumentDetail.NONE);
    }

    private static RunPlan preloaded(
            boolean keepOutput, Optional<Duration> limit, ArgumentDetail arguments) {
        return new RunPlan(
                NAME,
                ARCH,
                FilterStart.PRELOAD,
                false,
                keepOutput,
                RunFilter.LOG_ALL,
                limit,
                false,
                arguments,
                false,
                Optional.empty());
    }

    /** By which all calls but one are refused. */
    static RunPlan enforced() {
        return plan().under(new RunFilter(true, List.of("getpid")));
    }

    static RunPlan limited(long seconds) {
        return preloaded(false, Optional.of(Duration.ofSeconds(seconds)), ArgumentDetail.NONE);
    }

    static RunPlan keepingOutput() {
        return preloaded(true, Optional.empty(), ArgumentDetail.NONE);
    }

    static RunPlan detailedFromExec() {
        return RunPlan.ofOthers(NAME, ARCH, Optional.empty(), true, ArgumentDetail.NONE);
    }

    static RunPlan withArguments() {
        return preloaded(false, Optional.empty(), ArgumentDetail.CLASSES);
    }

    /** The reasons why the run is incomplete; none if it is complete. */
    static List<String> causes(Run run) {
        return run.verdict() instanceof Verdict.Incomplete incomplete
                ? incomplete.causes()
                : List.of();
    }

    static long lost(Run run) {
        return run.verdict() instanceof Verdict.Incomplete incomplete ? incomplete.lost() : 0;
    }

    /** What the calls were made for; "?" if that is not known of all programs. */
    static Map<Integer, Set<String>> arguments(Run run) {
        Map<Integer, Set<String>> arguments = new TreeMap<>();
        for (ProgramEvidence program : run.programs()) {
            for (CallEvidence call : program.calls()) {
                arguments
                        .computeIfAbsent(call.number(), key -> new TreeSet<>())
                        .addAll(call.arguments().orElse(List.of("?")));
            }
        }
        arguments.values().removeIf(Set.of("?")::equals);
        return arguments;
    }

    /** How often each call was recorded, whatever program made it. */
    static Map<Integer, Long> counts(Run run) {
        Map<Integer, Long> counts = new TreeMap<>();
        for (ProgramEvidence program : run.programs()) {
            program.calls().forEach(call -> counts.merge(call.number(), call.count(), Long::sum));
        }
        return counts;
    }
}

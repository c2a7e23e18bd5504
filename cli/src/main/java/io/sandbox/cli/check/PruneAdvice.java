// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.report.ProgramReach;
import io.sandbox.cli.report.SeenCalls;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Rule;
import io.sandbox.reach.ReachResult;
import io.sandbox.reach.ReachableCall;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which unused rules are candidates to remove, since no code of the recorded programs leads to
 * their calls. If there is any code that cannot be read, nothing can be said of any rule.
 *
 * @param unused the rules, with the candidates marked
 * @param notes why nothing can be said; none if it can
 */
record PruneAdvice(List<UnusedRule> unused, List<String> notes) {
    /** How many reasons are named. */
    private static final int MOST_REASONS = 3;

    static PruneAdvice of(Recording recording, List<UnusedRule> unused, Arch arch) {
        if (unused.isEmpty()) {
            return new PruneAdvice(unused, List.of());
        }
        Set<Integer> reachable = new TreeSet<>();
        Set<String> doubts = new LinkedHashSet<>();
        Set<String> executables = new TreeSet<>();
        for (Run run : recording.runs()) {
            if (!run.runtime().isEmpty()) {
                doubts.add("a container runtime made calls under the policy too");
            }
            for (ProgramEvidence program : run.programs()) {
                executables.add(program.executable());
                if (program.auditArch() != arch.auditArch()) {
                    doubts.add(program.executable() + ": made calls of another architecture");
                }
            }
        }
        for (String executable : executables) {
            if (executable.isEmpty()) {
                doubts.add("the evidence does not name the executable of each call");
            } else {
                read(Path.of(executable), recording, arch, reachable, doubts);
            }
        }
        if (executables.isEmpty()) {
            doubts.add("no program was recorded");
        }
        if (!doubts.isEmpty()) {
            return new PruneAdvice(unused, List.of(note(List.copyOf(doubts))));
        }
        List<UnusedRule> marked = new ArrayList<>();
        for (UnusedRule rule : unused) {
            boolean leads = rule.rules().stream().anyMatch(each -> isAmong(each, reachable, arch));
            marked.add(leads ? rule : rule.withoutCode());
        }
        return new PruneAdvice(marked, List.of());
    }

    private static void read(
            Path program,
            Recording recording,
            Arch arch,
            Set<Integer> reachable,
            Set<String> doubts) {
        SeenCalls seen = SeenCalls.of(recording, program, arch);
        ReachResult result;
        try {
            result = ProgramReach.query(program, seen);
        } catch (CommandFailure e) {
            doubts.add(e.getMessage());
            return;
        }
        result.calls().stream().map(ReachableCall::number).forEach(reachable::add);
        result.remarks().forEach(remark -> doubts.add(program + ": " + remark));
        if (!seen.missing().isEmpty()) {
            doubts.add(program + ": " + seen.missing().get(0) + ", which it mapped, is not here");
        }
        if (!result.computed().isEmpty()) {
            doubts.add(program + ": its code computes the number of a call");
        }
        if (!result.arch().equals(arch.name())) {
            doubts.add(program + ": is now of " + result.arch());
        }
    }

    /** A call that the architecture does not have is not reachable either. */
    private static boolean isAmong(Rule rule, Set<Integer> reachable, Arch arch) {
        SyscallTable table = SyscallDb.get().table(arch);
        Optional<Integer> number =
                rule.call() instanceof CallRef.Numbered numbered
                        ? Optional.of(numbered.number())
                        : rule.call() instanceof CallRef.Named named
                                ? table.byName(named.name()).map(Syscall::number)
                                : Optional.empty();
        return number.isPresent() && reachable.contains(number.get());
    }

    private static String note(List<String> doubts) {
        int more = doubts.size() - MOST_REASONS;
        return "--prune: nothing can be said of what the code cannot reach: "
                + String.join("; ", doubts.subList(0, Math.min(MOST_REASONS, doubts.size())))
                + (more > 0 ? "; and " + more + " more reasons" : "");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.Policy;
import io.sandbox.enforcer.policy.PolicyText;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.recorder.evidence.RunFilter;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.charset.StandardCharsets;

/** The filter of a run, in the form that {@code sandbox-exec} takes it in. */
final class TargetFilter {
    private TargetFilter() {}

    /**
     * For a watched target, wherever it is recorded from: it asks about what would otherwise be
     * logged or refused.
     */
    static BpfProgram asking(RunPlan plan) {
        RunFilter filter = plan.filter();
        if (filter.showsAll()) {
            return BpfProgram.asking(plan.arch());
        }
        BpfProgram program = compile(plan);
        return filter.enforced() ? program.askingBeforeKill() : program.askingInsteadOfLog();
    }

    /**
     * For a watched target of which no call is to be asked about: a filter of the target's own that
     * refuses a call has precedence over one that asks, but not over one that kills.
     */
    static BpfProgram killing(RunPlan plan) {
        return compile(plan).withIdleListener(SyscallDb.get().nativeArch());
    }

    /**
     * For a target whose records are read, wherever it is recorded from: what would keep them from
     * being made is asked about. A target that is refused calls can hide none: nothing has
     * precedence over the verdict to kill.
     */
    static BpfProgram guarded(RunPlan plan) {
        RunFilter filter = plan.filter();
        Arch machine = SyscallDb.get().nativeArch();
        if (filter.enforced()) {
            return compile(plan).withIdleListener(machine);
        }
        BpfProgram program = filter.showsAll() ? BpfProgram.logging(plan.arch()) : compile(plan);
        return program.guardingEvidence(machine);
    }

    /**
     * For a target whose calls are counted in the kernel, wherever it is recorded from: nothing
     * where every call is allowed.
     */
    static byte[] counted(RunPlan plan) {
        return plan.filter().enforced() ? compile(plan).toBytes() : new byte[0];
    }

    /** For the library, its list; for the loader, BPF, or nothing when all is to be logged. */
    static byte[] encode(RunPlan plan) {
        RunFilter filter = plan.filter();
        if (plan.from() == FilterStart.PRELOAD) {
            return list(filter).getBytes(StandardCharsets.US_ASCII);
        }
        if (filter.showsAll()) {
            return new byte[0];
        }
        return compile(plan).toBytes();
    }

    private static BpfProgram compile(RunPlan plan) {
        Action action = plan.filter().enforced() ? Action.KILL : Action.LOG;
        Policy policy = Policy.allowing(PolicyText.parseEntries(list(plan.filter())), action);
        return new FilterCompiler()
                .compile(PolicyDocument.of(policy), plan.arch().name(), plan.arch());
    }

    private static String list(RunFilter filter) {
        return String.join(":", filter.allowed());
    }
}

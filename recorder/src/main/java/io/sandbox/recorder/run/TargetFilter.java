// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.evidence.RunFilter;
import io.sandbox.policy.Action;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.charset.StandardCharsets;

/** The filter of a run, in the form that {@code sandbox-exec} takes it in. */
final class TargetFilter {
    private TargetFilter() {}

    /**
     * For a target whose calls we answer: the filter asks about each call that it would otherwise
     * log or refuse.
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
     * For a target whose calls we answer, but whose filter is to kill instead of asking. If the
     * target's own filter refuses a call, this has precedence over asking, but not over killing.
     */
    static BpfProgram killing(RunPlan plan) {
        return compile(plan).withIdleListener(SyscallDb.get().nativeArch());
    }

    /**
     * For a target whose records are read: the filter asks about calls through which the target
     * could prevent records. An enforcing filter need not ask: nothing has precedence over killing,
     * so the target cannot hide a refused call.
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
     * The filter for a target whose calls are counted in the kernel, whatever {@code --from} says;
     * empty if every call is allowed.
     */
    static byte[] counted(RunPlan plan) {
        return plan.filter().enforced() ? compile(plan).toBytes() : new byte[0];
    }

    /**
     * The filter as the library takes it (a list), or as the loader takes it (BPF; empty to log all
     * calls).
     */
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

package io.sandbox.recorder;

import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.Policy;
import io.sandbox.enforcer.policy.PolicyText;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.recorder.Supervisor.From;
import io.sandbox.recorder.evidence.RunFilter;
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

    /** For the library, its list; for the loader, BPF, or nothing when all is to be logged. */
    static byte[] encode(RunPlan plan) {
        RunFilter filter = plan.filter();
        if (plan.from() == From.preload) {
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
        return new FilterCompiler().compile(policy, plan.arch());
    }

    private static String list(RunFilter filter) {
        return String.join(":", filter.allowed());
    }
}

package io.sandbox.recorder;

import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.Allowlist;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.recorder.Supervisor.From;
import io.sandbox.recorder.evidence.RunFilter;
import java.nio.charset.StandardCharsets;

/** The filter of a run, in the form that {@code sandbox-exec} takes it in. */
final class TargetFilter {
    private TargetFilter() {}

    /** For the library, its list; for the loader, BPF, or nothing when all is to be logged. */
    static byte[] encode(RunPlan plan) {
        RunFilter filter = plan.filter();
        Allowlist list = Allowlist.of(filter.allowed());
        if (plan.from() == From.preload) {
            return list.value().getBytes(StandardCharsets.US_ASCII);
        }
        if (filter.showsAll()) {
            return new byte[0];
        }
        Action action = filter.enforced() ? Action.KILL : Action.LOG;
        return new FilterCompiler().compile(list.toPolicy(action), plan.arch()).toBytes();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.FilterStart;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.evidence.RunFilter;
import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The filter of a run, in the form that {@code sandbox-exec} takes it in. */
final class TargetFilter {
    /** For calls that we answer: asks about each that it would otherwise log or refuse. */
    static BpfProgram asking(RunPlan plan) {
        RunFilter filter = plan.filter();
        if (filter.showsAll()) {
            return BpfProgram.asking(plan.arch());
        }
        return filter.enforced()
                ? compile(plan).askingBeforeKill(SyscallDb.get().nativeArch())
                : compile(plan, unasked(plan)).askingInsteadOfLog();
    }

    /**
     * The plan's entries that may pass unasked, but no load of a filter: {@link FilterLoads}. Under
     * an enforced list, what is asked about is refused, so all that it allows passes.
     */
    static List<String> unasked(RunPlan plan) {
        if (plan.filter().enforced()) {
            return plan.filter().allowed();
        }
        return plan.filter().allowed().stream()
                .filter(
                        entry ->
                                PolicyText.parseEntries(entry).stream()
                                        .noneMatch(of -> loads(of, plan)))
                .toList();
    }

    private static boolean loads(PolicyEntry entry, RunPlan plan) {
        String name =
                entry.call() instanceof CallRef.Numbered numbered
                        ? ObservedCall.of(plan.arch().auditArch(), numbered.number()).displayName()
                        : entry.call().toString();
        return FilterLoads.CALLS.contains(name);
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
     *
     * @param asked what else it asks about
     */
    static BpfProgram guarded(RunPlan plan, AskedArguments asked) {
        RunFilter filter = plan.filter();
        Arch machine = SyscallDb.get().nativeArch();
        if (filter.enforced()) {
            return compile(plan).withIdleListener(machine);
        }
        BpfProgram program = filter.showsAll() ? BpfProgram.logging(plan.arch()) : compile(plan);
        return asked.askedBy(program).guardingEvidence(machine);
    }

    /** For a target whose calls the kernel counts, whatever {@code --from} says. */
    static byte[] counted(RunPlan plan) {
        BpfProgram program =
                plan.filter().enforced()
                        ? compile(plan)
                        : BpfProgram.allowingAllButStrictMode(SyscallDb.get().nativeArch());
        return program.toBytes();
    }

    /** For the library (a list), or for the loader (BPF; empty to log all calls). */
    static byte[] encode(RunPlan plan) {
        RunFilter filter = plan.filter();
        if (plan.from() == FilterStart.PRELOAD) {
            return String.join(":", filter.allowed()).getBytes(StandardCharsets.US_ASCII);
        }
        return filter.showsAll() ? new byte[0] : compile(plan).toBytes();
    }

    private static BpfProgram compile(RunPlan plan) {
        return compile(plan, plan.filter().allowed());
    }

    private static BpfProgram compile(RunPlan plan, List<String> allowed) {
        Action action = plan.filter().enforced() ? Action.KILL : Action.LOG;
        Policy policy = Policy.allowing(PolicyText.parseEntries(String.join(":", allowed)), action);
        return new FilterCompiler()
                .compile(PolicyDocument.of(policy), plan.arch().name(), plan.arch());
    }
}

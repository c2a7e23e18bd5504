// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.CallRef;
import io.sandbox.enforcer.policy.Policy;
import io.sandbox.enforcer.policy.PolicyEntry;
import io.sandbox.enforcer.policy.PolicyText;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.enforcer.seccomp.FilterException;
import io.sandbox.enforcer.seccomp.SeccompException;
import io.sandbox.syscalldb.Arch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy of our variables, from the environment, options or a file.
 *
 * @param list what messages call the place where the user has written it
 */
record VariablesPolicy(Policy policy, boolean quiet, String list) implements EnforcedPolicy {
    @Override
    public BpfProgram compile(Arch target) {
        try {
            return new FilterCompiler().compile(policy, target);
        } catch (FilterException | SeccompException e) {
            throw CommandFailure.ownFailure(list + ": " + e.getMessage());
        }
    }

    @Override
    public List<CallRef> calls() {
        List<CallRef> calls = new ArrayList<>(policy.entries().size());
        for (PolicyEntry entry : policy.entries()) {
            calls.add(entry.call());
        }
        return calls;
    }

    @Override
    public boolean logDenials() {
        return policy.logDenials();
    }

    @Override
    public PolicyDocument document() {
        return PolicyDocument.of(policy);
    }

    @Override
    public boolean covers(String arch, Arch target) {
        return arch.equals(target.name());
    }

    @Override
    public Optional<String> whyNoneIsKilled() {
        return policy.action() == Action.KILL
                ? Optional.empty()
                : Optional.of(
                        "the action is "
                                + PolicyText.format(policy.action())
                                + ", so no process is killed for a call (add --action kill)");
    }

    @Override
    public String toAdd(String entry) {
        return "add :" + entry + " to " + list;
    }

    @Override
    public String toTakeOut(String entries) {
        return "take " + entries + " out of " + list;
    }
}

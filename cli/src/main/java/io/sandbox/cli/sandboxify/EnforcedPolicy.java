// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.launch.CommandFailure;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.PolicyText;
import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.enforcer.seccomp.FilterException;
import io.sandbox.enforcer.seccomp.SeccompException;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Optional;

/**
 * What {@code sandboxify} enforces, wherever it was written.
 *
 * @param document what it says here: rules that depend on circumstances are in it or are not
 * @param place what messages call the place where the user has written it
 * @param isList whether that is a list of our variables, in the environment, an option or a file
 * @param quiet whether not to say which calls it mentions
 */
record EnforcedPolicy(PolicyDocument document, String place, boolean isList, boolean quiet) {
    /**
     * @throws CommandFailure if no filter can be made of it
     */
    BpfProgram compile(Arch target) {
        try {
            return new FilterCompiler().compile(document, machine(), target);
        } catch (FilterException | SeccompException e) {
            throw CommandFailure.ownFailure(place + ": " + e.getMessage());
        }
    }

    private static String machine() {
        return SyscallDb.get().nativeArch().name();
    }

    /**
     * Whether it is about calls of an architecture, by name, when it is compiled for a target.
     * Calls of others are foreign.
     */
    boolean covers(String arch, Arch target) {
        return arch.equals(target.name())
                || document.coverage().includes(target.name(), machine())
                        && document.coverage().includes(arch, machine());
    }

    /** Why no process is killed for a call; empty if one is. */
    Optional<String> whyNoneIsKilled() {
        boolean kills = document.otherwise() == Action.KILL;
        Action action = document.otherwise();
        for (Rule rule : document.rules()) {
            kills |= rule.action() == Action.KILL;
            action = action == Action.ALLOW ? rule.action() : action;
        }
        if (kills) {
            return Optional.empty();
        }
        if (action == Action.ALLOW) {
            return Optional.of(place + " refuses no call");
        }
        return Optional.of(
                isList
                        ? "the action is "
                                + PolicyText.format(action)
                                + ", so no process is killed for a call (add --action kill)"
                        : place + " kills no process for a call");
    }

    /** What the user has to do to allow a call that it does not mention, by an entry for a list. */
    String toAdd(String entry) {
        return isList ? "add :" + entry + " to " + place : "allow " + entry + " in " + place;
    }

    /** What the user has to do to allow a call that these entries refuse. */
    String toTakeOut(String entries) {
        return isList
                ? "take " + entries + " out of " + place
                : "do not refuse " + entries + " in " + place;
    }
}

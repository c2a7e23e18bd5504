// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import io.sandbox.enforcer.seccomp.BpfProgram;
import io.sandbox.enforcer.seccomp.FilterCompiler;
import io.sandbox.enforcer.seccomp.FilterException;
import io.sandbox.enforcer.seccomp.SeccompException;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Optional;

/**
 * The policy that {@code sandbox run} enforces, from any source.
 *
 * @param document the policy with only those rules that count in the circumstances here
 * @param place the place where the user has written it, for messages
 * @param isList whether it is a list, in our variables, an option or a file
 * @param quiet whether to print nothing about its calls
 * @param file what it was made from; nothing if no file was read, empty if several were
 */
record EnforcedPolicy(
        PolicyDocument document,
        String place,
        boolean isList,
        boolean quiet,
        Optional<byte[]> file) {
    /** The end of a message on a call that programs make before they reach main. */
    static final String MAYBE_FOR_LIBRARY =
            ", so the list may be one for libsandbox.so: sandbox learn makes one for sandbox run";

    /** Throws {@link CommandFailure} if it cannot become a filter. */
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

    /** Whether the policy for a target covers the arch; the calls of others are foreign. */
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
        if (!isList) {
            return Optional.of(place + " kills no process for a call");
        }
        String logged =
                action == Action.LOG
                        ? "leave out --explain, and read the log: dmesg | sandbox log --since -1m -"
                        : "have refused calls logged by SECCOMP_LOG_DENIALS=1 in the policy";
        return Optional.of(
                "the action is %s, so no process is killed for a call (add --action kill; or %s)"
                        .formatted(ActionText.format(action), logged));
    }

    /** Tells the user how to allow a call that the policy does not mention. */
    String toAdd(String entry) {
        if (isList && entry.equals("clone3")) {
            return "add :clone3=ENOSYS to "
                    + place
                    + ": the program then makes clone, whose flags a list can restrict";
        }
        return isList ? "add :" + entry + " to " + place : "allow " + entry + " in " + place;
    }

    /** Tells the user how to allow a call that these entries refuse. */
    String toTakeOut(String entries) {
        return isList
                ? "take " + entries + " out of " + place
                : "do not refuse " + entries + " in " + place;
    }
}

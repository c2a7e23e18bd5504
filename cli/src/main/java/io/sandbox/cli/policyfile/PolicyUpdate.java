// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.enforcer.launch.file.FilesBeside;
import io.sandbox.evidence.drift.CallDrift;
import io.sandbox.evidence.drift.Drift;
import io.sandbox.evidence.drift.Seen;
import io.sandbox.evidence.drift.UnusedRule;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.policy.format.PolicyEditor;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Surroundings;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.VisibleText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Updates a policy from drift: adds calls that no rule names; may remove unused rules. */
public final class PolicyUpdate {
    /** The limit for a path in a comment. The report has the whole path. */
    private static final int PATH_LENGTH = 100;

    private PolicyUpdate() {}

    /** The calls that can be added: not those that a rule names, and not foreign ones. */
    public static List<CallDrift> addable(Drift drift) {
        return drift.forbidden().stream().filter(PolicyUpdate::isAddable).toList();
    }

    private static boolean isAddable(CallDrift call) {
        return call.kind() == CallDrift.Kind.NEW
                && call.covered()
                && !call.isRuled()
                && ref(call).isPresent();
    }

    /** How a policy names the call; empty if none can. */
    public static Optional<CallRef> ref(CallDrift call) {
        Optional<Arch> arch = SyscallDb.get().archByName(call.call().archName());
        if (arch.isEmpty()) {
            return Optional.empty();
        }
        List<String> entries =
                LearnedPolicy.of(List.of(call.call()), arch.get()).allowlist().entries();
        if (entries.isEmpty()) { // such as a call of x32, which a policy can only name
            return call.call().syscall().map(Syscall::name).map(CallRef.Named::new);
        }
        String entry = entries.get(0);
        return Optional.of(
                Character.isDigit(entry.charAt(0))
                        ? new CallRef.Numbered(Integer.parseInt(entry))
                        : new CallRef.Named(entry));
    }

    /** The change to make; empty if there is none. */
    public static PolicyEdit edit(Drift drift, boolean prune) {
        List<PolicyEdit.Addition> additions = new ArrayList<>();
        for (CallDrift call : addable(drift)) {
            additions.add(new PolicyEdit.Addition(ref(call).orElseThrow(), reason(call)));
        }
        List<PolicyEdit.Removal> removals = new ArrayList<>();
        if (prune) {
            for (UnusedRule rule : drift.unused()) {
                removals.add(new PolicyEdit.Removal(rule.subject(), rule.rules()));
            }
        }
        return new PolicyEdit(additions, removals);
    }

    private static String reason(CallDrift call) {
        String place = place(call);
        return place.isEmpty() ? "" : "seen in " + place;
    }

    /** The executables that made the call, for a comment; empty if they are unknown. */
    public static String place(CallDrift call) {
        Seen first = call.seen().get(0);
        String path = VisibleText.of(first.executable());
        if (path.isEmpty()) {
            return "";
        }
        String shown = path.length() > PATH_LENGTH ? path.substring(0, PATH_LENGTH) + "..." : path;
        int others = call.seen().size() - 1;
        return shown + (others == 0 ? "" : " and " + Wording.count(others, "other"));
    }

    /**
     * A change that is possible.
     *
     * @param text the file's new text
     * @param edit the part that is made: all additions, and the removals that are possible
     */
    public record Change(String text, PolicyEdit edit) {}

    /**
     * @param format of the file; empty to recognise it
     * @throws CommandFailure if an addition is not possible
     */
    public static Change apply(
            String file,
            byte[] bytes,
            Optional<PolicyFormat> format,
            PolicyEdit wanted,
            Circumstances here) {
        Surroundings around =
                Surroundings.on(here.arch()).withFiles(new FilesBeside(Path.of(file)));
        try {
            return new Change(PolicyEditor.edit(bytes, format, around, wanted, here), wanted);
        } catch (PolicyFormatException e) {
            if (wanted.removals().isEmpty()) {
                throw CommandFailure.ownFailure(file + ": " + FormatAdvice.words(e));
            }
        }
        PolicyEdit additions = new PolicyEdit(wanted.additions(), List.of());
        Change change = apply(file, bytes, format, additions, here);
        for (PolicyEdit.Removal removal : wanted.removals()) {
            List<PolicyEdit.Removal> removals = new ArrayList<>(change.edit().removals());
            removals.add(removal);
            PolicyEdit edit = new PolicyEdit(wanted.additions(), removals);
            try {
                change = new Change(PolicyEditor.edit(bytes, format, around, edit, here), edit);
            } catch (PolicyFormatException e) {
                // This rule stays, as for a call that systemd always allows. The summary counts it.
            }
        }
        return change;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.edit;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A change to a policy file: rules to add, and rules to remove. */
public record PolicyEdit(List<Addition> additions, List<Removal> removals) {
    /**
     * The rules for one call.
     *
     * @param call as the file should name it
     * @param alternatives the action is for calls that meet all conditions of one alternative; one
     *     without conditions means every call
     * @param reason one line for a comment, if the format has a place for it
     */
    public record Addition(
            CallRef call, List<List<Condition>> alternatives, Action action, String reason) {
        public Addition {
            Objects.requireNonNull(call, "call");
            Objects.requireNonNull(action, "action");
            alternatives = alternatives.stream().map(List::copyOf).toList();
            reason = String.join(" ", Note.linesOf(reason).toList()).strip();
        }

        /** Allows a call with any arguments. */
        public Addition(CallRef call, String reason) {
            this(call, List.of(List.of()), Action.ALLOW, reason);
        }

        public boolean isConditional() {
            return !alternatives.equals(List.of(List.of()));
        }

        /** Whether it allows a call with any arguments. */
        public boolean isPlain() {
            return action == Action.ALLOW && !isConditional();
        }

        public List<Rule> rules() {
            return alternatives.stream().map(each -> Rule.of(call, each, action)).toList();
        }

        /** An addition for each alternative. */
        public List<Addition> split() {
            return alternatives.stream()
                    .map(each -> new Addition(call, List.of(each), action, reason))
                    .toList();
        }

        /** The call with the conditions of the first alternative, as in a list. */
        public String subject() {
            return PolicyText.format(call, alternatives.get(0));
        }

        /** Whether entries of our lists can say it. */
        public boolean isOfEntries() {
            return action == Action.ALLOW
                    || action instanceof Action.Errno errno && errno.isUsual();
        }

        /** The entry of a list for the first alternative. */
        public String entry() {
            return action instanceof Action.Errno errno
                    ? subject() + "=" + ErrnoNames.nameOrNumber(errno.number())
                    : subject();
        }

        /** The reason as a comment at a line's end, in formats with #; may be empty. */
        public String remark() {
            return reason.isEmpty() ? "" : "  # " + NoteLines.shown(reason);
        }
    }

    /**
     * @param subject a call, with its conditions, or a group, as {@link Rule#subject()} has it
     * @param rules the rules that it stands for
     */
    public record Removal(String subject, List<Rule> rules) {
        public Removal {
            Objects.requireNonNull(subject, "subject");
            rules = List.copyOf(rules);
        }
    }

    public PolicyEdit {
        additions = List.copyOf(additions);
        removals = List.copyOf(removals);
    }

    /** The document that the file should hold afterwards. */
    public PolicyDocument applyTo(PolicyDocument document) {
        List<Rule> rules = new ArrayList<>(document.rules());
        removals.forEach(removal -> rules.removeAll(removal.rules()));
        additions.forEach(addition -> rules.addAll(addition.rules()));
        return document.withRules(rules);
    }
}

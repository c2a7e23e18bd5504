// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.edit;

import io.sandbox.enforcer.document.Note;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.Rule;
import io.sandbox.enforcer.policy.Action;
import io.sandbox.enforcer.policy.CallRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A change to a policy file: calls to allow, and rules to remove.
 *
 * @param additions calls that no rule mentions
 */
public record PolicyEdit(List<Addition> additions, List<Removal> removals) {
    /**
     * @param call as the file should name it
     * @param reason one line for a comment, if the format has a place for it
     */
    public record Addition(CallRef call, String reason) {
        public Addition {
            Objects.requireNonNull(call, "call");
            reason = String.join(" ", Note.linesOf(reason).toList()).strip();
        }

        /**
         * The reason as a comment at the end of a line, in formats with #; empty if there is none.
         */
        public String remark() {
            return reason.isEmpty() ? "" : "  # " + reason;
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
        for (Addition addition : additions) {
            rules.add(Rule.of(addition.call(), List.of(), Action.ALLOW));
        }
        return document.withRules(rules);
    }
}

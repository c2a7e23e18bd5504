// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ArchTranslation;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Proposes a policy for another arch, with siblings for calls that it lacks. */
public final class PolicyTranslation {
    private final SyscallTable from;
    private final ArchTranslation steps;
    private final Arch target;
    private final List<Rule> rules = new ArrayList<>();
    private final Set<String> replacements = new LinkedHashSet<>();
    private final List<Loss> losses = new ArrayList<>();

    private PolicyTranslation(SyscallDb db, Arch source, Arch target) {
        this.target = target;
        from = db.table(source);
        steps = new ArchTranslation(db, source, target);
    }

    /**
     * The result of a translation.
     *
     * @param replacements a line for each call that siblings replace or accompany
     * @param losses calls and conditions that nothing replaces
     */
    public record Result(PolicyDocument document, List<String> replacements, List<Loss> losses) {
        public Result {
            replacements = List.copyOf(replacements);
            losses = List.copyOf(losses);
        }
    }

    /** Translates a document, unless it is for all archs: it ignores missing names. */
    public static Result of(PolicyDocument document, Arch source, Arch target) {
        if (document.ignoresMissing() || source.equals(target)) {
            return new Result(document, List.of(), List.of());
        }
        PolicyTranslation translation = new PolicyTranslation(SyscallDb.get(), source, target);
        document.rules().forEach(translation::add);
        return new Result(
                document.withRules(translation.rules)
                        .withComments(translation.kept(document.comments())),
                List.copyOf(translation.replacements),
                translation.losses);
    }

    private void add(Rule rule) {
        Optional<Syscall> call =
                rule.call() instanceof CallRef.Numbered numbered
                        ? from.byNumber(numbered.number())
                        : from.byName(rule.call().toString());
        if (call.isEmpty()) {
            lose(rule, "is left out: " + from.arch().name() + " has no such call");
            return;
        }
        ArchTranslation.Step step = steps.step(call.get().name());
        boolean keepsConditions =
                rule.conditions().stream()
                        .allMatch(each -> steps.isInPlace(step.call(), each.argument()));
        if (step.kept() && keepsConditions) {
            rules.add(rule.withCall(new CallRef.Named(step.call())));
        } else if (step.kept()) {
            lose(rule, "is left out: " + target.name() + " has the arguments elsewhere");
        }
        if (!step.kept() && step.added().isEmpty()) {
            lose(rule, "is left out: nothing stands in for it on " + target.name());
        } else if (!step.added().isEmpty()) {
            addSiblings(rule, step);
        }
    }

    private void addSiblings(Rule rule, ArchTranslation.Step step) {
        String siblings = String.join(", ", step.added());
        if (rule.isConditional()) {
            lose(rule, "is not carried over to " + siblings + ": conditions cannot be");
            return;
        }
        replacements.add(step.call() + (step.kept() ? ": with " : ": replaced by ") + siblings);
        Note note = step.kept() ? Note.NONE : rule.note();
        for (String sibling : step.added()) {
            rules.add(rule.withCall(new CallRef.Named(sibling)).withNote(note));
            note = Note.NONE;
        }
    }

    private void lose(Rule rule, String effect) {
        losses.add(new Loss(rule.subject(), effect));
    }

    /** The comments of the file, without those on a rule that is left out. */
    private List<String> kept(List<String> comments) {
        List<String> kept = new ArrayList<>(comments);
        losses.forEach(loss -> kept.removeIf(text -> text.startsWith(loss.subject() + ": ")));
        return kept;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.Reduction;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Writes {@code NAME="value"} for shells, or {@code NAME=value} for environment files. */
final class EnvWriter implements FormatWriter {
    private final String quote;

    EnvWriter(boolean quoted) {
        quote = quoted ? "\"" : "";
    }

    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        // While a list logs, its errnos refuse nothing.
        Reduction reduction = Reduction.of(document, here, document.otherwise() != Action.LOG);
        List<Loss> losses = reduction.losses();
        Policy policy = policy(document, reduction);
        Reduction.reportComments(document.withComments(List.of()), losses);

        StringBuilder out = new StringBuilder();
        NoteLines.write(out, '#', document.comments());
        PolicyEnvironment.format(policy)
                .forEach(
                        (name, value) -> {
                            boolean usual =
                                    name.equals(PolicyEnvironment.ACTION) && value.equals("kill");
                            if (!usual) {
                                out.append(name).append('=').append(quote).append(value);
                                out.append(quote).append('\n');
                            }
                        });
        return new Writing(out.toString(), losses);
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.UNKNOWN, Feature.FOREIGN);
    }

    private static Policy policy(PolicyDocument document, Reduction reduction) {
        boolean allow = reduction.isAllowList();
        Action none = document.logsForeign() ? Action.LOG : Action.KILL;
        Action action = allow ? document.otherwise() : reduction.usualRefusal(none);
        List<PolicyEntry> entries = new ArrayList<>();
        for (Reduction.Entry entry : reduction.entriesForLists()) {
            OptionalInt errno = OptionalInt.empty();
            if (!entry.action().equals(allow ? Action.ALLOW : action)) {
                if (entry.action() instanceof Action.Errno own && action != Action.LOG) {
                    errno = OptionalInt.of(own.number());
                } else {
                    reduction.losses().add(Loss.ofAction(entry.subject(), entry.action(), action));
                }
            }
            entries.add(new PolicyEntry(entry.call(), entry.conditions(), errno));
        }
        if (document.logsForeign() != (action == Action.LOG)) {
            reduction.losses().add(Loss.ofForeignCalls(document));
        }
        return new Policy(
                allow ? Policy.Mode.ALLOW : Policy.Mode.DENY,
                action,
                entries,
                document.logDenials(),
                document.unknown());
    }
}

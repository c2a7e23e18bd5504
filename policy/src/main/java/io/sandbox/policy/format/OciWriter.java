// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.PolicyDocument;
import java.util.Set;

/** Writes a profile for Docker and Podman; without circumstances, for any OCI runtime. */
final class OciWriter implements FormatWriter {
    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        boolean spell =
                document.unknown().refused() && !document.otherwise().equals(UnknownCalls.REFUSAL);
        OciTree tree =
                new OciTree(
                        spell ? document.withUnknownSpelledOut(here.arch()) : document, here, true);
        String text = JsonText.pretty(tree.build());
        if (document.withNewerValues(here.arch()).rules().size() > document.rules().size()) {
            tree.losses().add(new Loss("newer values of arguments", "get the default action"));
        }
        if (spell && document.logsForeign()) {
            tree.losses().add(Loss.ofForeignCalls(document));
        }
        return new Writing(text, tree.losses());
    }

    @Override
    public boolean says(Action action) {
        return true;
    }

    @Override
    public Set<Feature> features() {
        return Set.of(Feature.CIRCUMSTANCES, Feature.LISTENER, Feature.UNKNOWN);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.document;

import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.UnknownCalls;
import java.util.List;
import java.util.TreeSet;

/**
 * A part of a policy that a format cannot express: a difference between two files that should mean
 * the same.
 *
 * @param subject the part, such as a call
 * @param effect what is different, and whether this allows more or less
 * @param refusesWhatIsLogged whether a call that the policy only logs gets another action
 */
public record Loss(String subject, String effect, boolean refusesWhatIsLogged) {
    /** Of anything but the action of a call. */
    public Loss(String subject, String effect) {
        this(subject, effect, false);
    }

    public static Loss ofAction(String subject, Action wanted, Action given) {
        return new Loss(
                subject,
                "gets " + ActionText.format(given) + " in place of " + ActionText.format(wanted),
                wanted == Action.LOG);
    }

    /** What happens to calls that are not listed: allowed, logged or refused. */
    public static String unlisted(PolicyDocument document) {
        return document.otherwise() == Action.ALLOW
                ? "allowed"
                : document.otherwise() == Action.LOG ? "logged" : "refused";
    }

    /** For a format for one architecture; none or one. */
    public static List<Loss> ofForeign(PolicyDocument document, Circumstances here) {
        List<String> arches = document.coverage().foreignOn(here.arch());
        return arches.isEmpty()
                ? List.of()
                : List.of(
                        new Loss(
                                "calls of " + String.join(", ", arches),
                                "are refused: the format is for one architecture"));
    }

    /** For a format that cannot have refused calls logged; none or one. */
    public static List<Loss> ofLogDenials(PolicyDocument document) {
        return document.logDenials()
                ? List.of(new Loss("refused calls", "are not logged"))
                : List.of();
    }

    /** For a format that treats calls of architectures outside the policy in the other way. */
    public static Loss ofForeignCalls(PolicyDocument document) {
        return new Loss(
                "calls of other architectures",
                document.logsForeign() ? "are killed and not logged" : "are logged and not killed");
    }

    public static Loss ofListener(Listener listener) {
        return new Loss("listener " + listener, "is left out");
    }

    /** For formats that treat calls which nobody could judge as all others; none or one. */
    public static List<Loss> ofUnknown(PolicyDocument document) {
        return document.unknown().refused() && !document.otherwise().equals(UnknownCalls.REFUSAL)
                ? List.of(ofAction("newer calls", UnknownCalls.REFUSAL, document.otherwise()))
                : List.of();
    }

    /** For formats whose rules count anywhere, if the document has others; none or one. */
    public static List<Loss> ofCircumstances(PolicyDocument document, Circumstances here) {
        long count = document.rules().stream().filter(r -> !r.scope().isAnywhere()).count();
        if (count == 0) {
            return List.of();
        }
        String capabilities =
                here.capabilities().isEmpty()
                        ? "no capabilities"
                        : String.join(" ", new TreeSet<>(here.capabilities()));
        String where = String.join(", ", here.arch(), "kernel " + here.kernel(), capabilities);
        return List.of(
                new Loss(
                        count + (count == 1 ? " rule" : " rules"),
                        "for some capabilities or kernels only, decided for " + where));
    }

    /** One line, for the user. */
    @Override
    public String toString() {
        return subject + ": " + effect;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.edit.EditablePart;
import io.sandbox.policy.edit.PolicyEdit;
import io.sandbox.policy.meaning.PolicyDifference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Changes a policy file, but keeps its comments, order, layout and line breaks. The result is read
 * again, to make sure that it has the intended meaning.
 */
public final class PolicyEditor {
    private PolicyEditor() {}

    /**
     * @param bytes the content of a file of any format
     * @param given the format, if it is not to be recognised
     * @param around of the file
     * @param here the circumstances in which to compare the meaning
     * @return the file's new text
     * @throws PolicyFormatException if the content is no policy, or cannot be changed in place
     */
    public static String edit(
            byte[] bytes,
            Optional<PolicyFormat> given,
            Surroundings around,
            PolicyEdit edit,
            Circumstances here) {
        String text = FileText.decode(bytes);
        PolicyFormat format = given.orElseGet(() -> PolicyFormat.recognise(text, around));
        PolicyDocument before = format.read(bytes, around).document();
        if (before.otherwise() == Action.ALLOW) {
            throw PolicyFormatException.ofWhole(
                    "lists what is refused: take calls out of it by hand");
        }
        CallPlaces places =
                format.places()
                        .orElseThrow(
                                () ->
                                        PolicyFormatException.ofWhole(
                                                format + ": cannot be changed in place"));
        edit.additions().forEach(addition -> requireSayable(format, places, addition));
        String changed = change(text, places, edit);
        requireSame(edit.applyTo(before), changed, format, around, here);
        return changed;
    }

    private static void requireSayable(
            PolicyFormat format, CallPlaces places, PolicyEdit.Addition addition) {
        if (!places.says(addition)) {
            throw PolicyFormatException.ofWhole(
                    addition.action() == Action.ALLOW
                            ? "the format " + format + " cannot say for which arguments"
                            : ("the format %s cannot refuse a single call: what it does not allow"
                                            + " gets its default action")
                                    .formatted(format));
        }
    }

    private static String change(String text, CallPlaces places, PolicyEdit edit) {
        Set<String> removals = new HashSet<>();
        edit.removals().forEach(removal -> removals.add(removal.subject()));
        List<PolicyEdit.Addition> plain = new ArrayList<>(edit.additions());
        plain.removeIf(addition -> !addition.isPlain());
        List<PolicyEdit.Addition> others = new ArrayList<>(edit.additions());
        others.removeIf(PolicyEdit.Addition::isPlain);
        String changed = text;
        if (!plain.isEmpty() || !removals.isEmpty()) {
            changed = change(changed, places.in(changed), plain, removals);
        }
        if (!others.isEmpty()) {
            List<PolicyEdit.Addition> items =
                    others.stream().flatMap(each -> places.items(each).stream()).toList();
            changed = change(changed, places.rulesIn(changed), items, Set.of());
        }
        return changed;
    }

    private static String change(
            String text,
            List<EditablePart> parts,
            List<PolicyEdit.Addition> wanted,
            Set<String> removals) {
        if (parts.isEmpty() && !wanted.isEmpty()) {
            throw PolicyFormatException.ofWhole(
                    "has no place for "
                            + (wanted.get(0).isPlain()
                                    ? "calls that are allowed whatever their arguments"
                                    : "further rules"));
        }
        List<List<PolicyEdit.Addition>> additions = new ArrayList<>();
        parts.forEach(part -> additions.add(new ArrayList<>()));
        wanted.forEach(addition -> additions.get(partFor(parts, addition)).add(addition));
        String changed = text;
        for (int i = parts.size() - 1; i >= 0; i--) { // backwards, so that positions stay valid
            changed = parts.get(i).change(changed, additions.get(i), removals);
        }
        return changed;
    }

    /** The first sorted part with an item after the new name, otherwise the last part. */
    private static int partFor(List<EditablePart> parts, PolicyEdit.Addition addition) {
        for (int i = 0; i < parts.size() - 1; i++) {
            if (parts.get(i).place(addition) < parts.get(i).items().size()) {
                return i;
            }
        }
        return parts.size() - 1;
    }

    private static void requireSame(
            PolicyDocument wanted,
            String changed,
            PolicyFormat format,
            Surroundings around,
            Circumstances here) {
        List<PolicyDifference> differences;
        try {
            PolicyDocument after =
                    format.read(changed.getBytes(StandardCharsets.UTF_8), around).document();
            differences = PolicyDifference.between(wanted, after, here);
        } catch (PolicyFormatException e) {
            throw PolicyFormatException.ofWhole(
                            "cannot be changed line by line, do it by hand: it would be malformed: "
                                    + e.getMessage())
                    .with(e.advice());
        }
        if (!differences.isEmpty()) {
            PolicyDifference first = differences.get(0);
            throw PolicyFormatException.ofWhole(
                    String.format(
                            "cannot be changed line by line, do it by hand: %s would be: %s, not:"
                                    + " %s",
                            first.subject(), first.after(), first.before()));
        }
    }
}

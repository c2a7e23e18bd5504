// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.Action;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Loss;
import io.sandbox.policy.document.Note;
import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.Complement;
import io.sandbox.policy.meaning.Reduction;
import java.util.List;

/** Writes an allow list, with one call on each line; of a deny list, all calls that it allows. */
final class ListWriter implements FormatWriter {
    /** A list of this line alone would also be a profile of firejail, of another meaning. */
    private static final String SECCOMP = "seccomp";

    private static final String ANY_ARGUMENT = "(arg0>=0)";

    @Override
    public Writing write(PolicyDocument document, Circumstances here) {
        boolean deny = document.otherwise() == Action.ALLOW;
        PolicyDocument allowing =
                deny
                        ? Complement.of(document, here)
                        : document.withDefault(Action.KILL, document.unknown());
        Reduction reduction = Reduction.of(allowing, here, true);
        List<Loss> losses = reduction.losses();
        if (deny) {
            losses.add(
                    new Loss(
                            "calls that no table has", "are refused: a list says what is allowed"));
        } else if (document.otherwise() != Action.KILL) {
            losses.add(Loss.ofAction("other calls", document.otherwise(), Action.KILL));
        }
        losses.addAll(Loss.ofLogDenials(document));
        StringBuilder out = new StringBuilder();
        NoteLines.writeOfFile(out, '#', document.comments());
        List<Reduction.Entry> entries = reduction.entriesForLists();
        boolean onlySeccomp = entries.stream().allMatch(e -> e.subject().equals(SECCOMP));
        for (Reduction.Entry entry : entries) {
            Note note = entry.note();
            NoteLines.write(out, '#', note.comments());
            out.append(entry.subject()).append(onlySeccomp ? ANY_ARGUMENT : "");
            if (entry.action() instanceof Action.Errno errno) {
                out.append('=').append(ErrnoNames.nameOrNumber(errno.number()));
            }
            if (!note.reason().isEmpty()) {
                out.append("  # ").append(NoteLines.shown(note.reason()));
            }
            out.append('\n');
        }
        return new Writing(out.toString(), losses);
    }
}

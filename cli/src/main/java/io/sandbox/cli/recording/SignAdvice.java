// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Sign;
import java.util.Optional;

/** What a user can do about a sign that speaks against a recording. Files do not keep it. */
public final class SignAdvice {
    private SignAdvice() {}

    /** The recording as it is shown: its verdicts say what the user can do. Not for files. */
    public static Recording in(Recording recording) {
        return new Recording(recording.runs().stream().map(SignAdvice::in).toList());
    }

    /** The run as it is shown: its verdict says what the user can do. Not for files. */
    public static Run in(Run run) {
        return run.judged(run.verdict().worded(SignAdvice::after));
    }

    private static String after(String sentence) {
        Optional<String> advice = Sign.Kind.of(sentence).flatMap(SignAdvice::of);
        // Older recordings have it in the sentence.
        return sentence
                + advice.filter(each -> !sentence.contains(each))
                        .map(each -> " (" + each + ")")
                        .orElse("");
    }

    static Optional<String> of(Sign.Kind kind) {
        return Optional.ofNullable(
                switch (kind) {
                    case NO_CONTAINER ->
                            "if a script starts them, use sandbox listen with --write-profile";
                    case CONTAINER_ENTERED -> "--source notify records it too";
                    case OWN_LISTENER, OWN_STRICT_MODE, OWN_FILTER_HANDS_OVER, OWN_FILTER_UNREAD ->
                            "--source bpf can record it";
                    case SESSION_LEFT ->
                            "--source notify or bpf can follow it; where others log in or record,"
                                    + " run it again";
                    case OWN_FILTER_KILLS -> "--source audit --verify shows which";
                    case QUESTION_LOST -> "run it again; as root, --source bpf interrupts no call";
                    case OWN_FILTER_REFUSES, OWN_FILTER_ANSWERED ->
                            "sandbox learn --verify tries it";
                    case OWN_FILTER_UNWATCHED -> "sandbox learn --runs 2 lists them";
                    default -> null;
                });
    }
}

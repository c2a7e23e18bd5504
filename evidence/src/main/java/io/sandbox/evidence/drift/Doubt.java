// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.Required;

/** Why evidence does not suffice to check a policy. {@code sentence}: without a full stop. */
public record Doubt(Kind kind, String sentence) {
    /** What a command can add to the sentence depends on this: only it knows its options. */
    public enum Kind {
        /** A run or a log may lack calls. */
        GAP,
        FAILURE,
        /** SIGTERM ended a program, as it ends a service. */
        ENDED_BY_SIGTERM,
        /** The arguments of a call are unknown; a run under the policy would decide about it. */
        UNDECIDED,
        NO_CANARY,
        /** There is nothing to add. */
        OTHER
    }

    public Doubt {
        Required.all(kind, sentence);
    }
}

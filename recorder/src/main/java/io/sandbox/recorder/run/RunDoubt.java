// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.util.Objects;
import java.util.Optional;

/**
 * What speaks against a list although the evidence may be complete.
 *
 * @param sentence without a full stop
 */
public record RunDoubt(Kind kind, String sentence) {
    /** What a command can add to the sentence depends on this: only it knows its options. */
    public enum Kind {
        /** As many runs as were allowed still showed something new. */
        TOO_FEW_RUNS,
        OUTPUT_DIFFERS,
        NOT_STOPPED,
        NOT_EXERCISED,
        /** There is nothing to add. */
        OTHER
    }

    public RunDoubt {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(sentence, "sentence");
    }

    /** Of {@code run}, in words. */
    static RunDoubt of(String run, Driven.Trouble trouble) {
        Kind kind =
                switch (trouble.kind()) {
                    case NOT_STOPPED -> Kind.NOT_STOPPED;
                    case NOT_EXERCISED -> Kind.NOT_EXERCISED;
                    case PORT_HELD, NOT_READY -> Kind.OTHER;
                };
        return new RunDoubt(kind, "in " + run + ": " + trouble.clause());
    }

    static Optional<RunDoubt> other(String sentence) {
        return Optional.of(new RunDoubt(Kind.OTHER, sentence));
    }
}

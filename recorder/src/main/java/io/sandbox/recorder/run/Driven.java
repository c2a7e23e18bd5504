// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.outcome.CommandFailure;
import java.util.Map;
import java.util.Optional;

/**
 * What the driver of a run did.
 *
 * @param stop the signal by which it ended the program; 0 for none
 * @param handled the signals that the program could handle before the end, by executable
 */
public record Driven(int stop, Optional<Trouble> trouble, Map<String, Long> handled) {
    /** Of a run without a driver, or one in which the driver did nothing. */
    public static final Driven NOT = new Driven(0, Optional.empty(), Map.of());

    public enum Kind {
        /** The program has to be started again, when nothing holds its port any more. */
        PORT_HELD,
        NOT_READY,
        NOT_EXERCISED,
        NOT_STOPPED
    }

    boolean is(Kind kind) {
        return trouble.filter(found -> found.kind() == kind).isPresent();
    }

    /**
     * @throws CommandFailure if the program was never ready, so that its run shows nothing
     */
    void requireReady() {
        if (is(Kind.NOT_READY)) {
            requireWell();
        }
    }

    /** Throws {@link CommandFailure} if anything went wrong. */
    public void requireWell() {
        if (trouble.isPresent()) {
            throw CommandFailure.ownFailure(trouble.get().clause());
        }
    }

    /** Something that went wrong, as a clause. */
    public record Trouble(Kind kind, String clause) {}
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import java.util.List;

/** Where a value was before an instruction. */
sealed interface Source {
    /** It was at one of these places; at the same place if the instruction does not touch it. */
    record Moved(List<Location> from) implements Source {
        Moved(Location from) {
            this(List.of(from));
        }
    }

    /** The instruction sets it to a constant. */
    record Constant(long value) implements Source {}

    /** The instruction computes it, or reads it from memory. */
    record Computed() implements Source {}

    /** A called function may change it, so no value comes from before. */
    record Clobbered() implements Source {}

    Source COMPUTED = new Computed();
    Source CLOBBERED = new Clobbered();
}

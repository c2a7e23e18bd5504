// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A filter's registers and memory before one instruction, of {@link Symbol}s. Immutable.
 *
 * @param before the strictest verdict of the filters that ran earlier
 */
record Registers(long a, long x, List<Long> memory, Verdict before) {
    private static final List<Long> NO_MEMORY = Collections.nCopies(BpfNumbers.MEMORY_WORDS, 0L);

    /** The state in which the kernel starts a filter. */
    static Registers atStart(Verdict before) {
        return new Registers(0, 0, NO_MEMORY, before);
    }

    Registers withA(long value) {
        return new Registers(value, x, memory, before);
    }

    Registers withX(long value) {
        return new Registers(a, value, memory, before);
    }

    Registers withMemory(int word, long value) {
        List<Long> changed = new ArrayList<>(memory);
        changed.set(word, value);
        return new Registers(a, x, changed, before);
    }

    /** Sets all values to 0 that are not live, see {@link LiveRegisters}. */
    Registers onlyLive(int live) {
        List<Long> kept = memory;
        for (int i = 0; i < BpfNumbers.MEMORY_WORDS; i++) {
            if (memory.get(i) != 0 && (live & LiveRegisters.memory(i)) == 0) {
                kept = kept == memory ? new ArrayList<>(memory) : kept;
                kept.set(i, 0L);
            }
        }
        return new Registers(
                (live & LiveRegisters.A) == 0 ? 0 : a,
                (live & LiveRegisters.X) == 0 ? 0 : x,
                kept,
                before);
    }
}

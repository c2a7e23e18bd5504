// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import java.util.Arrays;

/**
 * A filter's registers and memory before one instruction, of {@link Symbol}s. Immutable.
 *
 * @param before the strictest verdict of the filters that ran earlier
 */
record Registers(long a, long x, long[] memory, Verdict before) {
    private static final long[] NO_MEMORY = new long[BpfNumbers.MEMORY_WORDS];

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
        long[] changed = memory.clone();
        changed[word] = value;
        return new Registers(a, x, changed, before);
    }

    /** Sets all values to 0 that are not live, see {@link LiveRegisters}. */
    Registers onlyLive(int live) {
        long[] kept = memory;
        for (int i = 0; i < memory.length; i++) {
            if (memory[i] != 0 && (live & LiveRegisters.memory(i)) == 0) {
                kept = kept == memory ? memory.clone() : kept;
                kept[i] = 0;
            }
        }
        return new Registers(
                (live & LiveRegisters.A) == 0 ? 0 : a,
                (live & LiveRegisters.X) == 0 ? 0 : x,
                kept,
                before);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Registers registers
                && a == registers.a
                && x == registers.x
                && before.equals(registers.before)
                && (memory == registers.memory || Arrays.equals(memory, registers.memory));
    }

    @Override
    public int hashCode() {
        int hash = 31 * Long.hashCode(a) + Long.hashCode(x);
        return 31 * (31 * hash + before.value()) + (memory == NO_MEMORY ? 0 : hashOfMemory());
    }

    /** The hash of the memory; 0 if all words are 0, as for {@code NO_MEMORY}. */
    private int hashOfMemory() {
        int hash = 0;
        for (long word : memory) {
            hash = 31 * hash + Long.hashCode(word);
        }
        return hash;
    }
}

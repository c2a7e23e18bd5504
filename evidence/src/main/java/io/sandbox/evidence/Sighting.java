// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.Optional;
import java.util.OptionalLong;

/** One call of the target, as a source saw it. Valid only until the method that gets it returns. */
public interface Sighting {
    /** The AUDIT_ARCH value, which says what the number means. */
    int arch();

    /** The call's number as the kernel has it; it may be negative or out of range. */
    int number();

    int pid();

    /** When the call was made, in ms since the epoch, with the precision of the kernel's tick. */
    long timeMillis();

    /** The address after the instruction that made the call. */
    long instructionPointer();

    /** Whether the executable is the one that {@link #executableKey} gave earlier. */
    boolean isOfExecutable(byte[] key);

    /** Bytes that stand for the executable, so that its name need be decoded only once. */
    byte[] executableKey();

    /** The path of the process's executable; empty if the source does not know it. */
    Optional<String> executable();

    /** The register of an argument, 0 to 5; empty if the source does not know it. */
    default OptionalLong argument(int index) {
        return OptionalLong.empty();
    }

    /**
     * A word of 64 bits to which an argument leads; empty if the source does not know it.
     *
     * @param index of the argument
     * @param word how many words stand before it
     */
    default OptionalLong word(int index, int word) {
        return OptionalLong.empty();
    }

    /**
     * For clone3: its flags. If it asked for something that is in no flag of clone, the bit {@link
     * WatchedArgument#CLONE3_ALONE} is set too. Empty if the source does not know them.
     */
    default OptionalLong clone3Flags() {
        return OptionalLong.empty();
    }
}

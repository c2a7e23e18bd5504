// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.Machine;
import io.sandbox.reach.elf.Segment;

/** Reads the code of one file function by function. For one thread. */
public final class CodeReading {
    private final Capstone code;
    private final InstructionSet set;
    private final long lowestAddress;

    private CodeReading(Capstone code, InstructionSet set, long lowestAddress) {
        this.code = code;
        this.set = set;
        this.lowestAddress = lowestAddress;
    }

    public static CodeReading of(ElfFile file, Capstone code) {
        long lowest = file.segments().stream().mapToLong(Segment::address).min().orElse(0);
        return new CodeReading(code, setOf(file.machine()), file.hasFixedAddress() ? lowest : 0);
    }

    static InstructionSet setOf(Machine machine) {
        return switch (machine) {
            case X86_64 -> new X86Instructions();
            case AARCH64 -> new Arm64Instructions();
        };
    }

    /** Whether execution can continue after the end. */
    public boolean read(long start, long end, References references) {
        return set.read(code, start, end, references, lowestAddress);
    }

    /** A trace of values in the function from one address to another. */
    public NumberTrace trace(long start, long end) {
        return new NumberTrace(code, set, start, end);
    }

    public InstructionSet set() {
        return set;
    }
}

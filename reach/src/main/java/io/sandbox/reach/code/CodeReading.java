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

    /** Whether execution continues after what was read last. */
    private boolean flowsOn;

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

    /**
     * @return whether execution can continue after the end
     */
    public boolean read(long start, long end, References references) {
        set.begin();
        flowsOn = false;
        code.read(
                start,
                end,
                block -> {
                    set.read(block, references, lowestAddress);
                    int last = block.count() - 1;
                    while (last > 0 && set.isPadding(block.get(last))) {
                        last--;
                    }
                    // A call at the end of a function does not return.
                    flowsOn =
                            !set.isPadding(block.get(last))
                                    && !set.ends(block.mnemonic(last))
                                    && !set.isCall(block.mnemonic(last));
                });
        return flowsOn;
    }

    /** A trace of values in the function from one address to another. */
    public NumberTrace trace(long start, long end) {
        return new NumberTrace(code, set, start, end);
    }

    public InstructionSet set() {
        return set;
    }
}

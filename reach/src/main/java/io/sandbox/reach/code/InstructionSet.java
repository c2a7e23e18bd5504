// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import io.sandbox.reach.elf.ElfFile;
import java.util.OptionalLong;

/** What must be known of a machine to read its code. */
public abstract class InstructionSet {
    /**
     * Reads the instructions of a function.
     *
     * @param lowest constants from this one on may be addresses; 0: none is
     * @return whether execution can continue after the end
     */
    abstract boolean read(Capstone code, long start, long end, References references, long lowest);

    /** Whether execution never continues after this instruction. */
    abstract boolean ends(String mnemonic);

    abstract boolean isCall(String mnemonic);

    /** The fixed address to which an instruction may jump. */
    abstract OptionalLong jumpTarget(Instruction instruction);

    /** Where the value was before the instruction, if it is at this place afterwards. */
    abstract Source before(Instruction instruction, Location location);

    public abstract Location systemCallNumber();

    public abstract Location firstArgument();

    /** Where the caller has a value that the called function finds at this place. */
    public abstract Location atCaller(Location argument, boolean call);

    /** Whether a caller can have put a value there. */
    abstract boolean canBeArgument(Location location);

    /** The slot through which the stub of a linkage table (PLT) at an address jumps. */
    public abstract OptionalLong stubSlot(ElfFile file, long address);

    /** Whether a jump belongs to a stub. Such a jump is no call of its own. */
    public abstract boolean isStub(ElfFile file, long jump);
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import java.util.OptionalLong;

/** A call that was not made, because a signal came first. */
final class InterruptedSighting extends SightingByCaller {
    private final int arch;
    private final int number;
    private final SavedRegisters registers;

    InterruptedSighting(Callers.Known caller, int arch, int number, SavedRegisters registers) {
        this.arch = arch;
        this.number = number;
        this.registers = registers;
        setCaller(caller);
    }

    @Override
    public int arch() {
        return arch;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public long instructionPointer() {
        return registers.instruction();
    }

    @Override
    public OptionalLong argument(int index) {
        return OptionalLong.of(registers.argument(index));
    }
}

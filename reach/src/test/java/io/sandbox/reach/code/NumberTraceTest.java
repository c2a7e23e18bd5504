// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.reach.elf.Machine;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NumberTraceTest {
    private static NumberTrace.Found trace(Machine machine, String code) {
        InstructionSet set = CodeReading.setOf(machine);
        List<Instruction> instructions = new ArrayList<>();
        for (String line : code.split(";")) {
            String[] parts = line.trim().split(" ", 2);
            String operands = parts.length > 1 ? parts[1].replace('|', ',') : "";
            instructions.add(new Instruction(instructions.size(), 1, parts[0], operands));
        }
        return new NumberTrace(instructions, set)
                .before(instructions.size() - 1, set.systemCallNumber());
    }

    private static String text(NumberTrace.Found found) {
        return found.constants().stream().map(String::valueOf).collect(Collectors.joining("|"))
                + (found.computed() ? "?" : "");
    }

    @Table
    void x86_finds(String code, String expected) {
        assertEquals(expected, text(trace(Machine.X86_64, code)), code);
    }

    @Test
    void x86_numberOfTheSeventhArgument_isOnTheCallersStack() {
        NumberTrace.Found found =
                trace(Machine.X86_64, "push rbx; mov rax, qword ptr [rsp + 0x10]; syscall");
        assertEquals(Set.of(Location.stack(8)), found.arguments());
        InstructionSet set = CodeReading.setOf(Machine.X86_64);
        assertEquals(Location.stack(0), set.atCaller(Location.stack(8), true));
        assertEquals(Location.stack(8), set.atCaller(Location.stack(8), false));
    }

    @Test
    void x86_loopThatChangesNothing_ends() {
        NumberTrace.Found found = trace(Machine.X86_64, "mov eax, edi; jne 0x0; syscall");
        assertEquals(Set.of(Location.register(7)), found.arguments());
        assertEquals("", text(found));
    }

    @Table
    void aarch64_finds(String code, String expected) {
        assertEquals(expected, text(trace(Machine.AARCH64, code)), code);
    }

    /** Code of Go does this: a call leaves the stack pointer as it is. */
    @Test
    void aarch64_numberOnTheCallersStack_isAnArgument() {
        NumberTrace.Found found = trace(Machine.AARCH64, "ldr x8, [sp, #8]; svc #0");
        assertEquals(Set.of(Location.stack(8)), found.arguments());
        InstructionSet set = CodeReading.setOf(Machine.AARCH64);
        assertEquals(Location.stack(8), set.atCaller(Location.stack(8), true));
    }

    @Table
    void readable_isWhatPeopleWrite(String name, String expected) {
        assertEquals(expected, Demangler.readable(name));
    }

    @Test
    void readable_ofAHostileName_ends() {
        Demangler.readable("_Z" + "P".repeat(1500) + "i");
        Demangler.readable("_ZN" + "S_".repeat(900) + "E");
        // Each part repeats the one before it twice.
        StringBuilder doubling = new StringBuilder("_Z1f1aIiiES_IS0_S0_E");
        for (int i = 0; i < 35; i++) {
            String part = "S" + Integer.toString(i, 36).toUpperCase(Locale.ROOT) + "_";
            doubling.append("S_I").append(part).append(part).append("E");
        }
        assertEquals(doubling.toString(), Demangler.readable(doubling.toString()));
        String longName = "_Z1" + "a".repeat(5000);
        assertEquals(longName, Demangler.readable(longName));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.reach.elf.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instructions are at the addresses 0, 1, 2 and so on. The last one makes the call. */
class NumberTraceTest {
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

    @ParameterizedTest
    @CsvSource({
        "mov eax| 0x27; syscall, 39",
        "xor eax| eax; mov edi| 1; syscall, 0",
        "push 0x3b; pop rax; syscall, 59",
        "mov r9d| 0xca; syscall; mov eax| r9d; syscall, 202",
        "mov ebx| 5; call 0x100; mov eax| ebx; syscall, 5",
        "mov edx| 5; call 0x100; mov eax| edx; syscall, ?",
        "mov rax| qword ptr [rip + 0x10]; syscall, ?",
        "mov al| 3; syscall, ?",
        "call 0x100; syscall, ?",
        "mov eax| 1; je 0x4; mov eax| 2; nop; syscall, 1|2",
        "mov eax| 1; mov edx| 2; cmove eax| edx; syscall, 1|2",
        "mov eax| 7; jmp 0x3; call 0x100; syscall, 7",
        "mov qword ptr [rsp + 8]| 4; sub rsp| 0x10; mov rax| qword ptr [rsp + 0x18]; syscall, 4",
        "mov dword ptr [rbp - 4]| 0x10; mov eax| dword ptr [rbp - 4]; syscall, 16",
        "mov eax| 9; mov edx| 1; mul edx; syscall, ?",
        "jmp qword ptr [rdx]; syscall, ?",
    })
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

    @ParameterizedTest
    @CsvSource({
        "mov x8| #0x5d; svc #0, 93",
        "mov w8| wzr; svc #0, 0",
        "mov x19| #4; bl #0x100; mov x8| x19; svc #0, 4",
        "mov x8| #1; cbz x0| #3; mov x8| #2; svc #0, 1|2",
        "ldr x8| [x1]; svc #0, ?",
        "mov x8| #6; adr z8.d| [z0.d| z20.d]; tbz w0| #3| #0x0; svc #0, 6",
        "mov x8| #1; str x8| [sp]; svc #0, 1",
        "mov x0| #9; str x0| [sp| #8]; ldr x8| [sp| #8]; svc #0, 9",
        "mov x1| #9; stp x0| x1| [sp| #-0x20]!; ldr x8| [sp| #8]; svc #0, 9",
        "mov x0| #9; str x0| [sp]; sub sp| sp| #0x10; ldp x7| x8| [sp| #8]; svc #0, 9",
        "mov x0| #9; str x0| [sp| #0x10]; ldr x30| [sp]| #0x10; ldr x8| [sp]; svc #0, 9",
        "mov x0| #9; str x0| [sp]; bl #0x100; ldr w8| [sp]; svc #0, 9",
        "mov x0| #9; str x0| [sp]; add sp| sp| #0x10; sub sp| sp| #0x10; ldr x8| [sp]; svc #0, ?",
        "mov x0| #9; mov sp| x29; ldr x8| [sp]; svc #0, ?",
        "mov x1| #5; mov x2| #6; csel x8| x1| x2| eq; svc #0, 5|6",
        "mov x8| #1; bic x8| x8| x1; svc #0, ?",
        "mov x8| #1; ldadd x0| x8| [x1]; svc #0, ?",
        "mov x8| #1; stxr w8| x0| [x1]; svc #0, ?",
    })
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
}

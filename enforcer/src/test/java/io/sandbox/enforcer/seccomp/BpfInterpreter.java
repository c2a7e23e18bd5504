// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Runs a filter like the kernel: the classic BPF that seccomp(2) accepts and libseccomp uses.
 * Refuses what the kernel would refuse (seccomp_check_filter, bpf_check_classic).
 */
final class BpfInterpreter {
    private record Instruction(int code, int ifTrue, int ifFalse, int k) {}

    private final Instruction[] program;
    private int steps;

    BpfInterpreter(byte[] bytes) {
        ByteBuffer code = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (bytes.length == 0 || bytes.length % 8 != 0 || bytes.length > 4096 * 8) {
            throw new IllegalArgumentException(bytes.length + " bytes are no program");
        }
        program = new Instruction[bytes.length / 8];
        for (int i = 0; i < program.length; i++) {
            program[i] =
                    new Instruction(
                            code.getShort() & 0xffff,
                            code.get() & 0xff,
                            code.get() & 0xff,
                            code.getInt());
        }
        for (int i = 0; i < program.length; i++) {
            check(i);
        }
        if (program[program.length - 1].code != 0x06) {
            throw new IllegalArgumentException("does not end with a return");
        }
    }

    private void check(int at) {
        Instruction i = program[at];
        int furthest =
                switch (i.code) {
                    case 0x15, 0x25, 0x35, 0x45 -> Math.max(i.ifTrue, i.ifFalse);
                    case 0x05 -> i.k;
                    default -> 0;
                };
        if (furthest < 0 || at + 1L + furthest >= program.length && i.code != 0x06) {
            throw new IllegalArgumentException("jump out of the program at " + at);
        }
        if (i.code == 0x20 && (i.k < 0 || i.k > 60 || i.k % 4 != 0)) {
            throw new IllegalArgumentException("load out of seccomp_data at " + at);
        }
    }

    /** The number of instructions of the last run. */
    int steps() {
        return steps;
    }

    /** Returns the filter's result, action and data. */
    int run(CallData call) {
        steps = 0;
        ByteBuffer data = call.toBytes();
        int a = 0;
        int at = 0;
        while (true) {
            Instruction i = program[at++];
            steps++;
            switch (i.code) {
                case 0x20 -> a = data.getInt(i.k); // ld abs
                case 0x54 -> a &= i.k; // and
                case 0x06 -> { // ret
                    return i.k;
                }
                case 0x05 -> at += i.k; // ja
                case 0x15 -> at += a == i.k ? i.ifTrue : i.ifFalse;
                case 0x25 -> at += Integer.compareUnsigned(a, i.k) > 0 ? i.ifTrue : i.ifFalse;
                case 0x35 -> at += Integer.compareUnsigned(a, i.k) >= 0 ? i.ifTrue : i.ifFalse;
                case 0x45 -> at += (a & i.k) != 0 ? i.ifTrue : i.ifFalse;
                default ->
                        throw new IllegalArgumentException(
                                "code 0x" + Integer.toHexString(i.code) + " at " + (at - 1));
            }
        }
    }
}

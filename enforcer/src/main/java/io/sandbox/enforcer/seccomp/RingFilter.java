// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decides about an operation that a program submits to a ring of io_uring: code that returns 1 for
 * one that is allowed, since Linux 7.0 ({@code linux/io_uring/bpf_filter.h}).
 *
 * @param argumentBytes how many bytes of its arguments the code reads
 */
public record RingFilter(int operation, int argumentBytes, byte[] code) {
    private static final int ACTION = 0xffff_0000;
    private static final int K_OFFSET = 4;

    /** Where {@code struct io_uring_bpf_ctx} has the arguments of an operation. */
    private static final int ARGUMENTS = 16;

    /** The call that an operation makes, and which arguments of it are told, from which on. */
    private record Call(String name, int firstArgument, int arguments, int argumentBytes) {
        /** The number of arguments to a word of 64 bits. */
        boolean isOfInts() {
            return argumentBytes == Integer.BYTES;
        }
    }

    /** An openat through a ring has the flags and the mode of openat2. */
    private static final Map<Integer, Call> CALLS =
            Map.of(
                    18, new Call("openat", 2, 2, Long.BYTES),
                    28, new Call("openat", 2, 2, Long.BYTES),
                    45, new Call("socket", 0, 3, Integer.BYTES));

    /**
     * Those that allow these operations, and no others. An operation of whose call the policy
     * decides is allowed as that is: with the same arguments.
     *
     * @param filter what the policy was compiled to
     * @return in the order in which they are loaded; the last one refuses the rest
     */
    public static List<RingFilter> of(
            List<Integer> operations, PolicyDocument policy, BpfProgram filter) {
        List<RingFilter> filters = new ArrayList<>();
        for (int operation : operations) {
            Call call = CALLS.get(operation);
            if (operation != 0) {
                filters.add(
                        call == null || !isNamed(call, policy)
                                ? new RingFilter(operation, 0, BpfNumbers.returning(1))
                                : new RingFilter(operation, bytes(call), judging(call, filter)));
            }
        }
        filters.add(new RingFilter(0, 0, BpfNumbers.returning(operations.contains(0) ? 1 : 0)));
        return filters;
    }

    private static boolean isNamed(Call call, PolicyDocument policy) {
        return policy.rules().stream().anyMatch(rule -> rule.call().toString().equals(call.name));
    }

    /** The rest of the arguments in the kernel is a union, so this is not all of it. */
    private static int bytes(Call call) {
        return call.arguments * call.argumentBytes;
    }

    /**
     * The filter, with an operation in place of the call. What it loads of the call is a constant,
     * or lies elsewhere; where it loads an argument that is not told, it refuses.
     */
    private static byte[] judging(Call call, BpfProgram filter) {
        Arch arch = filter.arch();
        ByteOrder order = arch.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        ByteBuffer code = ByteBuffer.wrap(filter.toBytes()).order(order);
        int number = SyscallDb.get().table(arch).byName(call.name).orElseThrow().number();
        for (int at = 0; at < code.limit(); at += BpfNumbers.INSTRUCTION_BYTES) {
            int k = code.getInt(at + K_OFFSET);
            switch (code.getShort(at)) {
                case BpfNumbers.RETURN -> code.putInt(at + K_OFFSET, isAllowing(k) ? 1 : 0);
                case BpfNumbers.LOAD -> {
                    if (k == BpfNumbers.NR_OFFSET) {
                        load(code, at, number);
                    } else if (k == BpfNumbers.ARCH_OFFSET) {
                        load(code, at, arch.auditArch());
                    } else {
                        loadArgument(code, at, k - BpfNumbers.ARGUMENTS_OFFSET, call);
                    }
                }
                default -> {}
            }
        }
        return code.array();
    }

    private static boolean isAllowing(int verdict) {
        return (verdict & ACTION) == BpfNumbers.ALLOW || (verdict & ACTION) == BpfNumbers.LOG;
    }

    private static void load(ByteBuffer code, int at, int constant) {
        code.putShort(at, (short) BpfNumbers.LOAD_CONSTANT).putInt(at + K_OFFSET, constant);
    }

    private static void loadArgument(ByteBuffer code, int at, int offset, Call call) {
        int argument = Math.floorDiv(offset, Long.BYTES) - call.firstArgument;
        boolean low = (offset % Long.BYTES == 0) == (code.order() == ByteOrder.LITTLE_ENDIAN);
        if (argument < 0 || argument >= call.arguments) {
            code.putShort(at, (short) BpfNumbers.RETURN).putInt(at + K_OFFSET, 0);
        } else if (!call.isOfInts()) {
            code.putInt(at + K_OFFSET, ARGUMENTS + argument * Long.BYTES + offset % Long.BYTES);
        } else if (low) {
            code.putInt(at + K_OFFSET, ARGUMENTS + argument * Integer.BYTES);
        } else {
            load(code, at, 0);
        }
    }
}

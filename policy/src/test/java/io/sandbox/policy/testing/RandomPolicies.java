// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.testing;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Random policies and calls, the same in each run. The values are at the limits where 64-bit
 * comparisons made of 32-bit ones go wrong. The calls are those of the policy, or next to them.
 */
public final class RandomPolicies {
    private static final List<Long> EDGES =
            Stream.of(
                            """
                            0 1 2 3 7fffffff 80000000 fffffffe ffffffff 100000000 100000001
                            1ffffffff 200000000 7fffffffffffffff 8000000000000000
                            fffffffeffffffff ffffffff00000000 ffffffff80000000
                            fffffffffffffffe ffffffffffffffff
                            """
                                    .split("\\s"))
                    .map(edge -> Long.parseUnsignedLong(edge, 16))
                    .toList();

    private static final List<Action> ACTIONS =
            Policies.actions("kill kill_thread trap log errno:1 errno:4094 errno:4095");

    private static final List<UnknownCalls> UNKNOWN =
            List.of(
                    UnknownCalls.AS_OTHERS,
                    UnknownCalls.AS_OTHERS,
                    UnknownCalls.ABOVE_TABLES,
                    UnknownCalls.after(KernelVersion.parse("4.19").orElseThrow()),
                    UnknownCalls.after(KernelVersion.parse("2.6.30").orElseThrow()));

    private static final List<Integer> STRANGE_NUMBERS =
            List.of(-1, -2, -101, 1 << 31, 1 << 30, 0x40000001, 0x40000200, 0x7fffffff, 0x3fffffff);

    private final Random random;
    private final Arch target;
    private final List<CallRef> calls;
    private final List<Integer> numbers;

    /** Calls that the architecture has, with all kinds of names and numbers. */
    public static List<CallRef> calls(String arch) {
        String list =
                switch (arch) {
                    case "x86_64" ->
                            "read:write:open:close:pread:pread64:17:0x11:fcntl:getpid:exit_group:"
                                    + "socket:mmap:prctl:ioctl:7777:0x3ffffffe:uretprobe:accept4";
                    case "i386" ->
                            "read:write:open:3:waitpid:socket:359:socketcall:102:accept:send:364:"
                                    + "accept4:sendmmsg:345:semop:semget:393:ipc:117:shmat:msgsnd:"
                                    + "shmctl:_llseek:mmap2:500:7777:0x3ffffffe:sys_kexec_load:"
                                    + "exit_group:vm86:select:_newselect:clock_gettime64";
                    case "s390x", "mips64" ->
                            "read:write:openat:getdents:exit_group:ioctl:mmap:7777:0x3ffffffe"
                                    + ":clone3:prctl:close:fcntl:17";
                    default ->
                            "read:write:openat:63:getdents:pread:newfstat:exit_group:socket:ioctl:"
                                    + "mmap:7777:0x3ffffffe:accept4:semop:shmat:clone3:244";
                };
        return PolicyText.parseEntries(list).stream().map(PolicyEntry::call).toList();
    }

    /** Of the calls of {@link #calls}. */
    public RandomPolicies(long seed, Arch target) {
        this(seed, target, calls(target.name()));
    }

    /** {@code calls} that the target has. */
    public RandomPolicies(long seed, Arch target, List<CallRef> calls) {
        random = new Random(seed);
        this.target = target;
        this.calls = calls;
        numbers = calls.stream().map(call -> number(target, call)).toList();
    }

    public static int number(Arch target, CallRef call) {
        if (call instanceof CallRef.Numbered numbered) {
            return numbered.number();
        }
        String name = ((CallRef.Named) call).name();
        if (PolicyOracle.IPCS.containsKey(name)) {
            name = "ipc";
        } else if (PolicyOracle.SOCKETCALLS.containsKey(name)) {
            name = "socketcall";
        }
        String known = name;
        return SyscallDb.get()
                .table(target)
                .byName(name)
                .or(() -> SyscallDb.get().table(target).byName(call.toString()))
                .orElseThrow(() -> new IllegalArgumentException(known))
                .number();
    }

    /** A policy of up to {@code limit} entries, with conditions on about that percentage. */
    public Policy policy(int limit, int percentConditional) {
        List<PolicyEntry> entries = new ArrayList<>();
        for (int i = random.nextInt(limit + 1); i > 0; i--) {
            CallRef call = pick(calls);
            boolean conditional = random.nextInt(100) < percentConditional && !isPart(call);
            entries.add(new PolicyEntry(call, conditional ? conditions() : List.of(), ownErrno()));
        }
        Policy.Mode mode = random.nextInt(4) == 0 ? Policy.Mode.DENY : Policy.Mode.ALLOW;
        return new Policy(mode, pick(ACTIONS), entries, false, pick(UNKNOWN));
    }

    private OptionalInt ownErrno() {
        return random.nextInt(8) == 0
                ? OptionalInt.of(pick(List.of(1, 13, 38, 4094, 4095)))
                : OptionalInt.empty();
    }

    /** Multiplexed calls cannot have conditions. */
    private static boolean isPart(CallRef call) {
        return PolicyOracle.SOCKETCALLS.containsKey(call.toString())
                || PolicyOracle.IPCS.containsKey(call.toString());
    }

    private List<Condition> conditions() {
        List<Condition> conditions = new ArrayList<>();
        int used = 0;
        for (int i = 1 + random.nextInt(random.nextInt(4) == 0 ? 6 : 3); i > 0; i--) {
            int argument = random.nextInt(6);
            if ((used & 1 << argument) == 0) {
                conditions.add(condition(argument));
            }
            used |= 1 << argument;
        }
        return conditions;
    }

    private Condition condition(int argument) {
        Operator operator = pick(List.of(Operator.values()));
        long mask = operator == Operator.MASKED_EQ ? pick(EDGES) : -1;
        return new Condition(argument, operator, mask, pick(EDGES) & mask);
    }

    public CallData call(Policy policy) {
        long[] arguments = new long[6];
        for (int i = 0; i < 6; i++) {
            arguments[i] = pick(EDGES) + random.nextInt(3) - 1;
        }
        int number = pick(numbers) + (random.nextInt(10) == 0 ? 1 : 0);
        if (random.nextInt(3) == 0) {
            arguments[0] = pick(List.of(1L, 2L, 5L, 9L, 11L, 18L, 20L, 21L, 24L, 0x10015L));
        }
        if (!policy.entries().isEmpty() && random.nextInt(3) > 0) {
            PolicyEntry entry = pick(policy.entries());
            number = number(target, entry.call());
            entry.conditions().forEach(condition -> aim(arguments, condition));
        }
        if (random.nextInt(20) == 0) {
            number = pick(STRANGE_NUMBERS);
        }
        return new CallData(number, arch(), arguments(arguments));
    }

    /** Makes a match likely. */
    private void aim(long[] arguments, Condition condition) {
        arguments[condition.argument()] =
                random.nextBoolean()
                        ? condition.value() + random.nextInt(3) - 1
                        : condition.value() | random.nextLong() & ~condition.mask();
    }

    /** The kernel clears the upper half for 32-bit architectures. */
    private long[] arguments(long[] arguments) {
        if (target.elfClass() == 32) {
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] &= 0xffffffffL;
            }
        }
        return arguments;
    }

    private int arch() {
        return random.nextInt(20) > 0
                ? target.auditArch()
                : pick(SyscallDb.get().arches()).auditArch();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}

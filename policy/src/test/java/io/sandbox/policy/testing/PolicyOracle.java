// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.testing;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.ErrnoNames;
import io.sandbox.policy.Operator;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.NewerValue;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The verdict that the kernel must give, from a slow and simple reading of a policy. */
public final class PolicyOracle {
    private static final int I386 = 0x40000003;
    private static final int X86_64 = 0xc000003e;

    /** From linux/net.h and linux/ipc.h, as far as the tests use them. */
    static final Map<String, Integer> SOCKETCALLS =
            Map.of("socket", 1, "accept", 5, "send", 9, "accept4", 18, "sendmmsg", 20);

    static final Map<String, Integer> IPCS =
            Map.of("semop", 1, "semget", 2, "msgsnd", 11, "shmat", 21, "shmctl", 24);

    /** SECCOMP_RET_* with its data. */
    public static int verdict(Policy policy, Arch target, CallData call) {
        if (isForeign(target, call)) {
            return policy.action() == Action.LOG ? 0x7ffc0000 : 0x80000000;
        }
        boolean allowing = policy.mode() == Policy.Mode.ALLOW;
        List<Integer> values = new ArrayList<>();
        for (PolicyEntry entry : policy.entries()) {
            if (matches(entry, target, call)) {
                values.add(value(entry, policy));
            }
        }
        if (policy.unknown().refused() && !isKnown(policy, target, call)) {
            return 0x00050026; // ENOSYS
        }
        newerValues(policy, target, call).forEach(values::add);
        // Signed, as the kernel compares what several filters return.
        return values.stream()
                .min(Integer::compare)
                .orElse(allowing ? value(policy.action()) : 0x7fff0000);
    }

    /**
     * What an older kernel answers to values that it does not know, unless an entry may mean them.
     */
    private static Stream<Integer> newerValues(Policy policy, Arch target, CallData call) {
        List<PolicyEntry> entries =
                policy.entries().stream()
                        .filter(entry -> isCall(entry.call(), target, call) && canHold(entry))
                        .toList();
        if (!policy.unknown().refused() || entries.isEmpty()) {
            return Stream.empty();
        }
        String name =
                SyscallDb.get().table(target).byNumber(call.number()).map(Syscall::name).orElse("");
        return SyscallDb.get().newerValues().stream()
                .filter(newer -> newer.call().equals(name))
                .filter(newer -> !policy.unknown().judges(newer.kernel()))
                .filter(
                        newer ->
                                (call.arguments()[newer.argument()] & newer.mask())
                                        == newer.value())
                .filter(newer -> entries.stream().noneMatch(entry -> mayMean(entry, newer)))
                .map(newer -> 0x00050000 + ErrnoNames.numberOf(newer.errno()).getAsInt());
    }

    private static boolean mayMean(PolicyEntry entry, NewerValue newer) {
        return entry.conditions().stream()
                .filter(each -> each.isOfBits() && each.argument() == newer.argument())
                .allMatch(
                        each -> ((each.value() ^ newer.value()) & each.mask() & newer.mask()) == 0);
    }

    /** What the filter returns for calls that match the entry, if no other matches. */
    private static int value(PolicyEntry entry, Policy policy) {
        if (entry.errno().isPresent() && policy.action() != Action.LOG) {
            return 0x00050000 + entry.errno().getAsInt();
        }
        boolean allowed = policy.mode() == Policy.Mode.ALLOW && entry.errno().isEmpty();
        return allowed ? 0x7fff0000 : value(policy.action());
    }

    private static boolean isForeign(Arch target, CallData call) {
        if (call.arch() != target.auditArch()) {
            return true;
        }
        // Numbers of x32, and others with bit 30 or 31, except -1, by which a tracer skips a call.
        boolean big = call.number() < 0 || call.number() >= 0x40000000;
        return target.auditArch() == X86_64 && big && call.number() != -1;
    }

    /** By the tables, or because an entry is about it that can hold. */
    private static boolean isKnown(Policy policy, Arch target, CallData call) {
        boolean listed =
                policy.entries().stream()
                        .anyMatch(entry -> isCall(entry.call(), target, call) && canHold(entry));
        KernelVersion newest =
                policy.unknown().newest().orElse(KernelVersion.parse("99.0").orElseThrow());
        return listed
                || SyscallDb.get().table(target).byNumber(call.number()).stream()
                        .map(known -> SyscallDb.get().facts(known.name()).orElseThrow())
                        .anyMatch(facts -> facts.firstKernel().compareTo(newest) <= 0);
    }

    private static boolean canHold(PolicyEntry entry) {
        return entry.conditions().stream().noneMatch(PolicyOracle::never);
    }

    private static boolean never(Condition condition) {
        return condition.operator() == Operator.LT && condition.value() == 0
                || condition.operator() == Operator.GT && condition.value() == -1;
    }

    private static int value(Action action) {
        if (action instanceof Action.Errno errno) {
            return 0x00050000 + errno.number();
        }
        if (action == Action.TRAP) {
            return 0x00030000;
        }
        if (action == Action.LOG) {
            return 0x7ffc0000;
        }
        return action == Action.KILL ? 0x80000000 : 0;
    }

    private static boolean matches(PolicyEntry entry, Arch target, CallData call) {
        return isCall(entry.call(), target, call) && call.fulfils(entry.conditions());
    }

    private static boolean isCall(CallRef ref, Arch target, CallData call) {
        if (ref instanceof CallRef.Numbered numbered) {
            return call.number() == numbered.number();
        }
        String name = ((CallRef.Named) ref).name();
        if (target.auditArch() == I386) {
            long part = call.arguments()[0];
            Integer socketcall = SOCKETCALLS.get(name);
            if (socketcall != null && call.number() == 102 && (int) part == socketcall) {
                return true;
            }
            Integer ipc = IPCS.get(name);
            if (ipc != null && call.number() == 117 && (part & 0xffff) == ipc) {
                return true;
            }
        }
        return SyscallDb.get().table(target).byName(name).stream()
                .anyMatch(known -> known.number() == call.number());
    }
}

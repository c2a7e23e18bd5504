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
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.NewerValue;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.Shipped;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Lists that let calls do some things only, and calls near them; the same in each run. */
public final class ClassLists {
    /** What somebody knew who wrote a list long ago. */
    public static final UnknownCalls KNOWN =
            UnknownCalls.after(KernelVersion.parse("4.19").orElseThrow());

    private static final long INT = 0xffff_ffffL;

    private final Random random;
    private final Arch arch;
    private final List<CallClass> classes;

    public ClassLists(long seed, Arch arch) {
        random = new Random(seed);
        this.arch = arch;
        classes =
                SyscallDb.get().callClasses().stream()
                        .filter(each -> each.arches().contains(arch.name()))
                        .filter(each -> SyscallDb.get().table(arch).byName(each.call()).isPresent())
                        .toList();
    }

    /** Lists that sandbox learned on x86_64: what a program makes, without what it does not. */
    public static List<Policy> learned() {
        return Shipped.lines(ClassLists.class, "learned-lists.txt")
                .map(line -> Policy.allowing(PolicyText.parseEntries(line), Action.errno(13)))
                .toList();
    }

    /** A list of up to 30 entries. */
    public Policy list() {
        List<PolicyEntry> entries = new ArrayList<>();
        for (int i = 1 + random.nextInt(30); i > 0; i--) {
            entries.add(entry(pick(classes)));
        }
        return new Policy(
                random.nextInt(4) == 0 ? Policy.Mode.DENY : Policy.Mode.ALLOW,
                Action.errno(4000 + random.nextInt(90)),
                entries,
                false,
                random.nextInt(3) == 0 ? KNOWN : UnknownCalls.AS_OTHERS);
    }

    private PolicyEntry entry(CallClass about) {
        List<Condition> conditions = new ArrayList<>();
        for (Condition each : ClassDifference.conditions(about)) {
            conditions.add(
                    switch (random.nextInt(4)) {
                        case 0 -> Condition.masked(each.argument(), each.mask() & INT, 0);
                        case 1 -> Condition.masked(each.argument(), INT, each.value() & INT);
                        case 2 -> Condition.of(each.argument(), Operator.NE, each.value());
                        default -> each;
                    });
        }
        OptionalInt errno =
                random.nextInt(6) == 0 ? OptionalInt.of(38) : OptionalInt.empty(); // ENOSYS
        return new PolicyEntry(new CallRef.Named(about.call()), conditions, errno);
    }

    /** A call that does something of the table, or almost. */
    public CallData call() {
        CallClass about = pick(classes);
        long[] arguments = random.longs(6).map(this::smaller).toArray();
        for (Condition each : ClassDifference.conditions(about)) {
            long others = random.nextInt(3) == 0 ? random.nextLong() : 0;
            long value = each.value() | others & (each.mask() == -1 ? ~INT : ~each.mask());
            arguments[each.argument()] = value + (random.nextInt(6) == 0 ? 1 : 0);
        }
        if (random.nextInt(4) == 0) {
            NewerValue newer = pick(SyscallDb.get().newerValues());
            arguments[newer.argument()] = newer.value() | random.nextLong() & ~newer.mask();
            return new CallData(number(newer.call()), arch.auditArch(), arguments);
        }
        return new CallData(number(about.call()), arch.auditArch(), arguments);
    }

    private long smaller(long bits) {
        return bits >>> (random.nextInt(3) == 0 ? 0 : 32 + random.nextInt(32));
    }

    /** The things that the call does. */
    public List<CallClass> classesOf(CallData call) {
        return classes.stream()
                .filter(each -> number(each.call()) == call.number())
                .filter(each -> call.fulfils(ClassDifference.conditions(each)))
                .toList();
    }

    private int number(String call) {
        return SyscallDb.get().table(arch).byName(call).orElseThrow().number();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}

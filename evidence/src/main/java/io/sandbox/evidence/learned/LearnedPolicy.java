// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The policy that observed calls give: those of a recording, which has all runs with their
 * verdicts.
 *
 * @param allowlist the list for one architecture
 * @param inexpressible calls that no allowlist of this architecture can hold: calls of 32-bit and
 *     x32 programs, and negative numbers
 * @param reasons for entries that do not speak for themselves
 */
public record LearnedPolicy(
        Allowlist allowlist, List<ObservedCall> inexpressible, Map<String, String> reasons) {
    static final String CLONE = "clone";
    static final String CLONE3 = "clone3";
    static final String CLONE3_FAILS = "clone3=ENOSYS";
    static final String PLAIN_CLONE = "clone(arg0&0x7e020000==0)";

    private static final String OPENAT2 = "openat2";
    private static final String OPENAT2_FAILS = "openat2=ENOSYS";
    private static final List<String> PLAIN_OPENAT =
            List.of("openat(arg2&0x40==0)", "openat(arg2&0x40==64,arg3&0xc00==0)");

    /** That openat2 never made a file with such a bit, and did nothing that openat cannot. */
    private static final String PLAIN_OPENAT2 = "arg3&0xc00==0,arg4==0";

    /** That all flags of clone3 were those of an ordinary clone. */
    private static final String PLAIN_CLONE3 = "arg0&0x7e020081==0";

    public LearnedPolicy {
        inexpressible = List.copyOf(inexpressible);
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
    }

    /** The arch for calls of several: this machine's if among them, else the first known. */
    public static Arch archAmong(SortedSet<String> names) {
        SyscallDb db = SyscallDb.get();
        Arch own = db.nativeArch();
        return names.contains(own.name())
                ? own
                : names.stream()
                        .map(db::archByName)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(own);
    }

    public static LearnedPolicy of(Collection<ObservedCall> calls, Arch arch) {
        return of(calls, arch, LearnedConditions.NONE);
    }

    /** With conditions on the arguments of calls that have any. */
    public static LearnedPolicy of(
            Collection<ObservedCall> calls, Arch arch, LearnedConditions conditions) {
        Set<String> entries = new TreeSet<>();
        Map<String, String> reasons = new TreeMap<>();
        List<ObservedCall> inexpressible = new ArrayList<>();
        // clone3 comes after clone: its number is higher on each architecture.
        for (ObservedCall call : new TreeSet<>(calls)) {
            Optional<String> entry = call.listEntry(arch);
            if (entry.isEmpty()) {
                inexpressible.add(call);
            } else if (entry.get().equals(CLONE3)) {
                addClone3(entries, reasons, arch, conditions.seen(call, arch));
            } else if (entry.get().equals(OPENAT2)) {
                addOpenat2(entries, reasons, conditions.seen(call, arch));
            } else {
                addEntries(entries, entry.get(), conditions.of(call, arch));
            }
        }
        return new LearnedPolicy(Allowlist.of(entries), inexpressible, reasons);
    }

    private static void addEntries(
            Set<String> entries, String name, Collection<String> conditions) {
        if (conditions.isEmpty()) {
            entries.add(name);
        }
        conditions.forEach(each -> entries.add(name + "(" + each + ")"));
    }

    /**
     * No filter sees the flags of clone3. So if the program asked for nothing by them that clone
     * cannot do as well, clone3 fails as on a kernel that lacks it, and clone takes its place.
     */
    private static void addClone3(
            Set<String> entries,
            Map<String, String> reasons,
            Arch arch,
            Collection<String> conditions) {
        if (!conditions.equals(Set.of(PLAIN_CLONE3))
                || WatchedArgument.of(arch, CLONE, ArgumentDetail.CLASSES).isEmpty()) {
            entries.add(CLONE3);
            if (!conditions.isEmpty()) {
                reasons.put(
                        CLONE3,
                        "open for every namespace, since the program asked for one, or for what"
                                + " only clone3 can do, and no filter sees its flags");
            }
            return;
        }
        entries.add(CLONE3_FAILS);
        reasons.put(CLONE3_FAILS, "no filter sees its flags, so programs make clone in its place");
        if (!entries.contains(CLONE)) {
            entries.add(PLAIN_CLONE);
            reasons.put(PLAIN_CLONE, "in the place of clone3, without a new namespace");
        }
    }

    /** As with clone3. The modes of new files are watched only if that is asked for. */
    private static void addOpenat2(
            Set<String> entries, Map<String, String> reasons, Collection<String> conditions) {
        if (!conditions.equals(Set.of(PLAIN_OPENAT2))) {
            entries.add(OPENAT2);
            if (!conditions.isEmpty()) {
                reasons.put(
                        OPENAT2,
                        "open for every mode, since the program gave a file a set-user-ID or"
                                + " set-group-ID bit, or asked for what only openat2 can do, and no"
                                + " filter sees that");
            }
            return;
        }
        entries.add(OPENAT2_FAILS);
        reasons.put(OPENAT2_FAILS, "no filter sees its mode, so programs make openat in its place");
        if (!entries.contains("openat")) {
            PLAIN_OPENAT.stream()
                    .filter(entries::add)
                    .forEach(each -> reasons.put(each, "in the place of openat2"));
        }
    }

    /** For an architecture of which we have no table. */
    static LearnedPolicy inexpressible(Collection<ObservedCall> calls) {
        return new LearnedPolicy(Allowlist.of(List.of()), List.copyOf(calls), Map.of());
    }
}

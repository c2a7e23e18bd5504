// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LearnedConditionsTest {
    private static final Arch ARCH = SyscallDb.get().arch("x86_64");

    /**
     * @param arguments whether any are known
     * @param unknown the calls whose arguments are not, though a list could have conditions on them
     */
    @Table
    void list_ofRuns_allowsWhatTheySaw(
            String runs,
            String arch,
            int limit,
            String list,
            String reasons,
            boolean arguments,
            String unknown) {
        Recording recording = RunText.recording(runs);
        Arch found = SyscallDb.get().arch(arch);
        LearnedConditions conditions = LearnedConditions.of(recording, limit);
        LearnedPolicy policy = LearnedPolicy.of(recording.calls(), found, conditions);
        assertEquals(list, policy.allowlist().value());
        assertEquals(reasons, String.join(" ", policy.reasons().keySet()));
        assertEquals(arguments, LearnedConditions.areIn(recording));
        assertEquals(
                unknown,
                LearnedConditions.unknown(recording, ArgumentDetail.values(8), found).stream()
                        .map(ObservedCall::displayName)
                        .collect(Collectors.joining(" ")));
        // Of a single call, no conditions are told that the list cannot have.
        for (ObservedCall call : recording.calls()) {
            Collection<String> told = conditions.of(call, found);
            assertTrue(told.stream().allMatch(list::contains), told::toString);
        }
    }

    /** The entries for calls of a list with and without conditions, and what is in it for good. */
    @Table
    void missing_callThatCanDoVeryDifferentThings_hasConditions(
            String calls, String list, String missing, String bare, String settled) {
        Map<String, String> wanted = new TreeMap<>();
        List.of(calls.split(" ")).forEach(call -> wanted.put(call, "r"));
        Allowlist has = Allowlist.of(List.of(list.split(":")));
        assertEquals(
                missing,
                String.join(
                        " ",
                        CautiousEntries.missing(wanted, has, ARCH, ArgumentDetail.CLASSES)
                                .keySet()));
        assertEquals(
                bare,
                String.join(
                        " ",
                        CautiousEntries.missing(wanted, has, ARCH, ArgumentDetail.NONE).keySet()));
        assertEquals(settled, String.join(" ", CautiousEntries.settled(has, ARCH)));
    }

    /** Whatever brings it: a call that can do very different things is never added bare. */
    @Test
    void missing_anyCallThatIsAdded_hasConditionsWhereAnyAreSeen() {
        for (Arch arch : SyscallDb.get().arches()) {
            Map<String, String> calls = ChanceCalls.additions(List.of(), arch);
            for (Syscall call : SyscallDb.get().table(arch).all()) {
                calls.putAll(Portability.additions(List.of(call.name()), arch));
            }
            Allowlist none = Allowlist.of(List.of());
            for (String entry :
                    CautiousEntries.missing(calls, none, arch, ArgumentDetail.CLASSES).keySet()) {
                boolean bare = entry.equals(Allowlist.callOf(entry));
                assertTrue(
                        !bare || WatchedArgument.of(arch, entry, ArgumentDetail.CLASSES).isEmpty(),
                        arch.name() + ": " + entry);
                assertFalse(List.of("socketcall", "ipc").contains(entry), arch.name());
            }
        }
    }

    /** The order of clone's later arguments differs on more, which does not matter. */
    @Table
    void flagsOfClone_areWatchedWhereTheyAreFirst(String arch, boolean watched) {
        Arch found = SyscallDb.get().arch(arch);
        assertEquals(
                watched, !WatchedArgument.of(found, "clone", ArgumentDetail.CLASSES).isEmpty());
    }
}

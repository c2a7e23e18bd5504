// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static io.sandbox.evidence.testing.Records.X86_64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LearnedConditionsTest {
    private static final Arch ARCH = SyscallDb.get().archByName("x86_64").orElseThrow();
    private static final int KILL = 62;
    private static final int CLONE = 56;
    private static final int CLONE3 = 435;
    private static final String TERM = "arg1&0xffffffff==15";
    private static final String USR1 = "arg1&0xffffffff==10";

    private final List<Run> runs = new ArrayList<>();

    private void run(String executable, RunFilter filter, Optional<List<String>> arguments) {
        CallEvidence kill =
                new CallEvidence(KILL, 1, 0, OptionalLong.empty(), Optional.empty(), arguments);
        ProgramEvidence program = new ProgramEvidence(executable, X86_64, List.of(kill));
        runs.add(
                Evidence.run(
                        Integer.toString(runs.size()), filter, 0, new Verdict.Complete(), program));
    }

    private void run(String... arguments) {
        run("/bin/x", RunFilter.LOG_ALL, Optional.of(List.of(arguments)));
    }

    private String list(int limit) {
        Recording recording = new Recording(runs);
        return LearnedPolicy.of(recording.calls(), ARCH, LearnedConditions.of(recording, limit))
                .allowlist()
                .value();
    }

    @Test
    void of_fewValuesInSeveralRuns_allowsTheseAlone() {
        run(TERM);
        run(USR1, TERM);
        assertEquals("kill(" + USR1 + "):kill(" + TERM + ")", list(2));
    }

    @Test
    void of_moreValuesThanTheLimit_allowsTheCall() {
        run(TERM);
        run(USR1);
        assertEquals("kill", list(1));
    }

    @Test
    void of_noLimit_allowsTheCall() {
        run(TERM);
        assertEquals("kill", list(0));
    }

    @Test
    void of_oneRunWithoutArguments_allowsTheCall() {
        run(TERM);
        run("/bin/y", RunFilter.LOG_ALL, Optional.empty());
        assertEquals("kill", list(8));
    }

    @Test
    void of_passedUnseenInARun_allowsTheCall() {
        run(TERM);
        run("/bin/x", new RunFilter(false, List.of("kill")), Optional.of(List.of(USR1)));
        assertEquals("kill", list(8));
    }

    @Test
    void of_passedUnderConditions_isSeenAllTheSame() {
        run(TERM);
        RunFilter filter = new RunFilter(true, List.of("kill(" + TERM + ")"));
        run("/bin/x", filter, Optional.of(List.of(USR1)));
        assertEquals("kill(" + USR1 + "):kill(" + TERM + ")", list(8));
    }

    private List<String> unknown() {
        return LearnedConditions.unknown(new Recording(runs), ArgumentDetail.values(8), ARCH)
                .stream()
                .map(ObservedCall::displayName)
                .toList();
    }

    @Test
    void unknown_oneRunWithoutArguments_namesTheCall() {
        run(TERM);
        assertEquals(List.of(), unknown());
        run("/bin/y", RunFilter.LOG_ALL, Optional.empty());
        assertEquals(List.of("kill"), unknown());
    }

    /** An earlier run allowed it unseen, and told no arguments of any call. */
    @Test
    void unknown_passedInARunWithoutArguments_namesTheCall() {
        run(TERM);
        runs.add(
                Evidence.run(
                        "p", new RunFilter(false, List.of("kill")), 0, new Verdict.Complete()));
        assertEquals(List.of("kill"), unknown());
    }

    /** It gets the arguments of socket, setsockopt and others by an address. */
    @Test
    void unknown_argumentsInMemory_namesTheCall() {
        Arch i386 = SyscallDb.get().archByName("i386").orElseThrow();
        CallEvidence call =
                new CallEvidence(
                        102, 1, 0, OptionalLong.empty(), Optional.empty(), Optional.empty());
        runs.add(
                Evidence.run(
                        "p",
                        RunFilter.LOG_ALL,
                        0,
                        new Verdict.Complete(),
                        new ProgramEvidence("/bin/x", i386.auditArch(), List.of(call))));
        assertEquals(
                List.of("socketcall"),
                LearnedConditions.unknown(new Recording(runs), ArgumentDetail.CLASSES, i386)
                        .stream()
                        .map(ObservedCall::displayName)
                        .toList());
    }

    private LearnedPolicy clones(Map<Integer, Optional<List<String>>> arguments) {
        List<CallEvidence> calls = new ArrayList<>();
        arguments.forEach(
                (number, values) ->
                        calls.add(
                                new CallEvidence(
                                        number,
                                        1,
                                        0,
                                        OptionalLong.empty(),
                                        Optional.empty(),
                                        values)));
        Recording recording =
                new Recording(
                        List.of(
                                Evidence.run(
                                        "c",
                                        RunFilter.LOG_ALL,
                                        0,
                                        new Verdict.Complete(),
                                        new ProgramEvidence("/bin/x", X86_64, calls))));
        return LearnedPolicy.of(recording.calls(), ARCH, LearnedConditions.of(recording));
    }

    private static Optional<List<String>> flags(long flags) {
        return Optional.of(List.of("arg0&0x7e020081==" + flags));
    }

    @Test
    void of_clone3ForNothingElse_failsAndCloneTakesItsPlace() {
        LearnedPolicy policy = clones(Map.of(CLONE3, flags(0)));
        assertEquals("clone(arg0&0x7e020000==0):clone3=ENOSYS", policy.allowlist().value());
        assertEquals(
                Set.of("clone(arg0&0x7e020000==0)", "clone3=ENOSYS"), policy.reasons().keySet());
    }

    @Test
    void of_clone3BesideClone_theConditionsOfCloneStay() {
        Optional<List<String>> namespace = Optional.of(List.of("arg0&0x7e020000==268435456"));
        assertEquals(
                "clone(arg0&0x7e020000==0):clone(arg0&0x7e020000==268435456):clone3=ENOSYS",
                clones(Map.of(CLONE, namespace, CLONE3, flags(0))).allowlist().value());
        assertEquals(
                "clone:clone3=ENOSYS",
                clones(Map.of(CLONE, Optional.empty(), CLONE3, flags(0))).allowlist().value());
    }

    /** A namespace, a process number that it chose, and unknown flags. */
    @Test
    void of_clone3ThatCloneCannotReplace_isOpen() {
        LearnedPolicy namespace = clones(Map.of(CLONE3, flags(0x10000000)));
        assertEquals("clone3", namespace.allowlist().value());
        assertEquals(Set.of("clone3"), namespace.reasons().keySet());
        assertEquals("clone3", clones(Map.of(CLONE3, flags(1))).allowlist().value());
        assertEquals("clone3", clones(Map.of(CLONE3, Optional.empty())).allowlist().value());
    }

    @Test
    void missing_callThatCanDoVeryDifferentThings_hasConditions() {
        Map<String, String> calls = Map.of("clone", "r", "prctl", "r", "sched_yield", "r");
        Allowlist list = Allowlist.of(List.of("prctl(arg0&0xffffffff==15)", "read"));
        assertEquals(
                Set.of(
                        "clone(arg0&0x7e020000==0)",
                        "prctl(arg0&0xffffffff==1398164801)",
                        "sched_yield"),
                CautiousEntries.missing(calls, list, ARCH, ArgumentDetail.CLASSES).keySet());
        assertEquals(
                Set.of("clone", "prctl", "sched_yield"),
                CautiousEntries.missing(calls, list, ARCH, ArgumentDetail.NONE).keySet());
        assertEquals(List.of("read"), CautiousEntries.settled(list, ARCH));
        // Conditions of which only exact lists and those with modes know.
        Allowlist exact = Allowlist.of(List.of("kill(arg1==9)", "openat(arg2&0x40==0)"));
        assertEquals(List.of("kill", "openat"), CautiousEntries.settled(exact, ARCH));
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

    @Test
    void ofExecutable_valuesOfOthers_areNotItsOwn() {
        run(TERM);
        run("/bin/y", RunFilter.LOG_ALL, Optional.of(List.of(USR1)));
        assertEquals(
                List.of("kill(" + TERM + ")", "kill(" + USR1 + ")"),
                ProgramPolicy.of(new Recording(runs), 8).stream()
                        .map(program -> program.policy().allowlist().value())
                        .toList());
    }
}

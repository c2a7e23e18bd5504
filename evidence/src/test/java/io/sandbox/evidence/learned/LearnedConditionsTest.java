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
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LearnedConditionsTest {
    private static final Arch ARCH = SyscallDb.get().arch("x86_64");
    private static final int KILL = 62;
    private static final String SIGNAL = "arg1&0xffffffff==";

    private final List<Run> runs = new ArrayList<>();

    private void run(String executable, RunFilter filter, Optional<List<String>> arguments) {
        CallEvidence kill = new CallEvidence(KILL, 1, 0).withArguments(arguments);
        ProgramEvidence program = new ProgramEvidence(executable, X86_64, List.of(kill));
        runs.add(
                Evidence.run(
                        Integer.toString(runs.size()), filter, 0, new Verdict.Complete(), program));
    }

    private String list(int limit) {
        Recording recording = new Recording(runs);
        return LearnedPolicy.of(recording.calls(), ARCH, LearnedConditions.of(recording, limit))
                .allowlist()
                .value();
    }

    private String unknown(ArgumentDetail detail, Arch arch) {
        return LearnedConditions.unknown(new Recording(runs), detail, arch).stream()
                .map(ObservedCall::displayName)
                .collect(Collectors.joining(" "));
    }

    /**
     * A run is {@code EXECUTABLE FILTER SIGNALS}: its filter is {@code log}, or a list that it
     * allows unseen or enforces, and the signals are those of kill, {@code ?}, or none without the
     * call.
     */
    @Table
    void list_ofRuns_allowsWhatTheySaw(String all, int limit, String list, String unknown) {
        for (String run : all.split("; ")) {
            String[] words = run.split(" ");
            String[] filter = words[1].split("=", 2);
            RunFilter under =
                    words[1].equals("log")
                            ? RunFilter.LOG_ALL
                            : new RunFilter(filter[0].equals("enforced"), List.of(filter[1]));
            if (words.length == 2) {
                runs.add(Evidence.run("p", under, 0, new Verdict.Complete()));
            } else {
                Optional<List<String>> signals = Optional.empty();
                if (!words[2].equals("?")) {
                    String[] numbers = words[2].split(",");
                    signals = Optional.of(Stream.of(numbers).map(SIGNAL::concat).toList());
                }
                run("/bin/" + words[0], under, signals);
            }
        }
        assertEquals(list, list(limit));
        assertEquals(unknown, unknown(ArgumentDetail.values(8), ARCH));
    }

    /** It gets the arguments of socket, setsockopt and others by an address. */
    @Test
    void unknown_argumentsInMemory_namesTheCall() {
        Arch i386 = SyscallDb.get().arch("i386");
        ProgramEvidence program = Evidence.program("/bin/x", i386.auditArch(), List.of(102));
        runs.add(Evidence.run("p", program));
        assertEquals("socketcall", unknown(ArgumentDetail.CLASSES, i386));
    }

    private LearnedPolicy learned(Map<Integer, Optional<List<String>>> arguments) {
        List<CallEvidence> calls = new ArrayList<>();
        arguments.forEach(
                (number, values) ->
                        calls.add(new CallEvidence(number, 1, 0).withArguments(values)));
        ProgramEvidence program = new ProgramEvidence("/bin/x", X86_64, calls);
        Recording recording = Recording.of(Evidence.run("c", program));
        return LearnedPolicy.of(recording.calls(), ARCH, LearnedConditions.of(recording));
    }

    /** Each call with what it was seen with; {@code ?} if that is not known. */
    @Table
    void list_ofCallsWithFlagsInMemory_hasTheirPlace(String calls, String list, String reasons) {
        Map<Integer, Optional<List<String>>> arguments = new TreeMap<>();
        for (String each : calls.split("; ")) {
            String[] words = each.split(" ");
            arguments.put(
                    SyscallDb.get().table(ARCH).byName(words[0]).orElseThrow().number(),
                    words[1].equals("?")
                            ? Optional.empty()
                            : Optional.of(List.of(words).subList(1, words.length)));
        }
        LearnedPolicy policy = learned(arguments);
        assertEquals(list, policy.allowlist().value());
        assertEquals(reasons, String.join(" ", new TreeSet<>(policy.reasons().keySet())));
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
        for (String each : List.of("15", "10")) {
            run("/bin/" + each, RunFilter.LOG_ALL, Optional.of(List.of(SIGNAL + each)));
        }
        assertEquals(
                List.of("kill(" + SIGNAL + "10)", "kill(" + SIGNAL + "15)"),
                ProgramPolicy.of(new Recording(runs), 8).stream()
                        .map(program -> program.policy().allowlist().value())
                        .toList());
    }

    /** The order of clone's later arguments differs on more, which does not matter. */
    @Table
    void flagsOfClone_areWatchedWhereTheyAreFirst(String arch, boolean watched) {
        Arch found = SyscallDb.get().arch(arch);
        assertEquals(
                watched, !WatchedArgument.of(found, "clone", ArgumentDetail.CLASSES).isEmpty());
    }
}

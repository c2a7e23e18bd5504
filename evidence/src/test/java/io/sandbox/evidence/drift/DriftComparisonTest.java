// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.I386;
import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.made;
import static io.sandbox.evidence.testing.Evidence.number;
import static io.sandbox.evidence.testing.Evidence.program;
import static io.sandbox.evidence.testing.Evidence.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.drift.CallDrift.Kind;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DriftComparisonTest {
    private static final Verdict COMPLETE = new Verdict.Complete();
    private static final RunFilter LOOPBACK = new RunFilter(false, List.of("socket(arg0==1)"));

    private static List<String> names(Drift drift) {
        return drift.calls().stream().map(call -> call.call().displayName()).toList();
    }

    private static List<String> unused(Drift drift) {
        return drift.unused().stream().map(UnusedRule::subject).toList();
    }

    private static boolean suffices(Drift drift) {
        return Doubts.about(drift, Tolerance.NONE).isEmpty();
    }

    private static Recording socketUnder(RunFilter filter) {
        return made(filter, 0, COMPLETE, number("socket"));
    }

    private static Recording ofI386(Integer... numbers) {
        return Recording.of(run("1", program("/bin/x32", I386, List.of(numbers))));
    }

    /** A policy in sandbox's own format. */
    private static String json(String otherwise, String rules) {
        return "{\"sandboxPolicy\": 1, \"default\": \"%s\", \"rules\": [\n%s]}"
                .formatted(otherwise, rules);
    }

    /** Tools add calls that no run has to show, such as sandbox learn --chance-calls. */
    @Table
    void of_callsAndPolicy_tellsWhatIsNewAndWhatIsUnused(
            String made, String policy, String news, String unused) {
        Drift drift = drift(calls(made.split(" ")), policy.replace(';', '\n') + "\n");
        assertEquals(news, names(drift).toString());
        assertEquals(unused, unused(drift).toString());
        assertEquals(policy.contains("DENY"), drift.calls().stream().anyMatch(CallDrift::isRuled));
    }

    @Test
    void of_evidenceOfRefusedCallsOnly_tellsNothingAboutUnusedRules() {
        Recording log = socketUnder(new RunFilter(true, List.of()));
        assertTrue(DriftComparison.showsOnlyRefusals(log));
        assertEquals(List.of(), unused(drift(log, "read\nwrite\n")));
        assertEquals(List.of("socket"), names(drift(log, "read\nwrite\n")));
        Recording logged = socketUnder(RunFilter.LOG_ALL);
        assertFalse(DriftComparison.showsOnlyRefusals(logged));
        assertEquals(List.of("read", "write"), unused(drift(logged, "read\nwrite\n")));
        assertFalse(DriftComparison.showsOnlyRefusals(new Recording(List.of())));
    }

    /** Such a run may have made the call; only another run's record can show it. */
    @Test
    void of_callThatPassedUnseenAndIsNotAllowed_isNoEvidence() {
        Recording recording =
                made(new RunFilter(false, List.of("sync", "write")), 0, COMPLETE, number("write"));
        Drift drift = drift(recording, "SECCOMP_SYSCALL_ALLOW=write:read\n");
        assertEquals(List.of("sync"), drift.passed());
        assertFalse(suffices(drift));
        assertTrue(suffices(drift(recording, "SECCOMP_SYSCALL_ALLOW=sync:write\n")));
    }

    @Test
    void of_newCall_saysAllThatIsKnownOfIt() {
        Drift drift = drift(calls("write", "ptrace"), "SECCOMP_SYSCALL_ALLOW=write:read\n");
        CallDrift call = drift.calls().get(0);
        assertEquals(Kind.NEW, call.kind());
        assertEquals("ptrace", call.call().displayName());
        assertEquals("/bin/x", call.seen().get(0).executable());
        assertEquals(2, call.count());
        assertEquals(12, call.seen().get(0).firstMillis());
        assertEquals("/usr/lib/libc.so.6+0x1234", call.seen().get(0).origin().get().toString());
        assertEquals("escape", call.facts().orElseThrow().risk().word());
        assertFalse(call.isRuled());
        assertEquals(List.of("read"), unused(drift));
        assertEquals(1, drift.calls().size());
        assertTrue(suffices(drift));
    }

    @Test
    void of_numberWithoutName_isComparedAsANumber() {
        int most = CallRef.MAX_NUMBER;
        Recording recording = made(RunFilter.LOG_ALL, 0, COMPLETE, 9999, most, -7);
        assertEquals(
                List.of("-7"),
                names(drift(recording, "SECCOMP_SYSCALL_ALLOW=9999:" + most + "\n")));
    }

    @Test
    void of_severalCalls_areSortedByArchitectureAndName() {
        Recording recording =
                calls("read", "close").merge(Recording.of(ofI386(1).runs().get(0).named("2")));
        assertEquals(
                List.of("i386 exit", "x86_64 close", "x86_64 read"),
                drift(recording, "mmap\n").calls().stream()
                        .map(call -> call.call().archName() + " " + call.call().displayName())
                        .toList());
    }

    /** 1 is write on x86_64 and exit on i386. */
    @Test
    void of_numberOfAnotherArchitecture_isNotTheNativeCall() {
        Drift drift = drift(ofI386(1), "write\nexit\n");
        assertEquals(List.of("exit"), names(drift));
        assertFalse(drift.calls().get(0).covered());
        assertEquals(List.of("write", "exit"), unused(drift));
        String policy =
                "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\","
                        + "\"SCMP_ARCH_X86\"],\"syscalls\":[{\"names\":[\"exit\"],"
                        + "\"action\":\"SCMP_ACT_ALLOW\"}]}";
        Drift covered = drift(ofI386(1, 4), policy);
        assertEquals(List.of("write"), names(covered));
        assertTrue(covered.calls().get(0).covered());
        assertEquals(List.of(), covered.unused());
    }

    /** An errno that a rule of an allow list gives is a decision; all else is drift. */
    @Table
    void of_refusingRule_isADecisionIfTheCallFailsInAnyCase(
            String otherwise, String rule, Kind kind) {
        CallDrift found = drift(calls("mkdir"), json(otherwise, "{" + rule + "}")).calls().get(0);
        assertEquals(kind, found.kind());
        assertEquals(kind == Kind.NEW, FailOn.NEW.concerns(found));
        assertEquals(kind == Kind.NEW, FailOn.parse("risk=low").concerns(found));
    }

    @Test
    void of_firstRuleThatMatches_decides() {
        String rules =
                "{\"call\": \"write\", \"action\": \"errno:EPERM\"},\n"
                        + "{\"call\": \"write\", \"action\": \"allow\"},\n"
                        + "{\"call\": \"read\", \"action\": \"log\"}";
        Drift drift = drift(calls("write", "read"), json("kill", rules));
        assertEquals(List.of("read", "write"), names(drift));
        assertEquals(List.of(4, 2), drift.calls().stream().map(CallDrift::line).toList());
    }

    /** A record that came despite all conditions shows other arguments. */
    @Test
    void of_conditionWithoutArguments_isUndecidedUnlessTheRunLetItPass() {
        Drift unknown = drift(socketUnder(RunFilter.LOG_ALL), "socket(arg0==1)\n");
        assertEquals(Kind.UNDECIDED, unknown.calls().get(0).kind());
        assertFalse(suffices(unknown));
        Drift other = drift(socketUnder(LOOPBACK), "socket(arg0==1)\n");
        assertEquals(Kind.OUTSIDE_CONDITIONS, other.calls().get(0).kind());
        assertTrue(suffices(other));
        Drift part = drift(socketUnder(LOOPBACK), "socket(arg0==1)\nsocket(arg0==2)\n");
        assertEquals(List.of(Kind.UNDECIDED), part.calls().stream().map(CallDrift::kind).toList());
    }

    @Test
    void of_callThatPassedUnseen_isNotUnused() {
        Drift drift = drift(made(LOOPBACK, 0, COMPLETE, 1), "socket(arg0==1)\nwrite\nread\n");
        assertEquals(List.of("read"), unused(drift));
        assertTrue(suffices(drift));
    }

    /** Only native calls pass the filter unseen. */
    @Test
    void of_callOfForeignArchitectureUnderACondition_isUndecided() {
        String policy =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"architectures\": [\"i386\"],"
                        + " \"rules\": [{\"call\": \"socket\", \"if\": [\"arg0==1\"],"
                        + " \"action\": \"allow\"}]}";
        Recording recording =
                Recording.of(
                        run("1", LOOPBACK, 0, COMPLETE, program("/bin/x", I386, List.of(359))));
        assertEquals(Kind.UNDECIDED, drift(recording, policy).calls().get(0).kind());
    }

    @ParameterizedTest
    @CsvSource({"clone3, clone", "clone, clone3"})
    void of_siblingOfWhatIsAllowed_isNamed(String made, String allowed) {
        Drift replaced = drift(calls(made), allowed + "\n");
        assertEquals(
                new CallDrift.Sibling(allowed, true),
                replaced.calls().get(0).sibling().orElseThrow());
        Drift both = drift(calls(made, allowed), allowed + "\n");
        assertEquals(
                new CallDrift.Sibling(allowed, false), both.calls().get(0).sibling().orElseThrow());
    }

    @Test
    void of_group_isUnusedAsAWhole() {
        String unit = "[Service]\nSystemCallFilter=write\nSystemCallFilter=@swap @mount\n";
        Drift drift = drift(calls("write", "mount", "exit_group"), unit);
        assertEquals(List.of("@swap"), unused(drift));
        assertEquals(3, drift.unused().get(0).line());
        assertEquals(2, drift.unused().get(0).rules().size());
    }

    @Test
    void of_severalRuns_countsTogetherAndKeepsTheFirst() {
        ProgramEvidence x = program("/bin/x", X86_64, List.of(0));
        ProgramEvidence y = program("/bin/y", X86_64, List.of(0));
        Recording recording = new Recording(List.of(run("1", x), run("2", x, y)));
        CallDrift call = drift(recording, "SECCOMP_SYSCALL_ALLOW=\n").calls().get(0);
        assertEquals(6, call.count());
        assertEquals(
                List.of("/bin/x", "/bin/y"), call.seen().stream().map(Seen::executable).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"write(", "a b", "\n", "UP", "write(arg9==1)", "\u0000"})
    void of_recordingWithAllowedNonsense_isRefused(String entry) {
        Recording recording = made(new RunFilter(false, List.of(entry)), 0, COMPLETE, 1);
        assertThrows(PolicySyntaxException.class, () -> drift(recording, "write\n"));
    }

    /** A policy learned from a recording shows no drift; added and removed calls are found. */
    @Test
    void of_changedPolicy_findsJustTheChanges() {
        SyscallDb db = SyscallDb.get();
        List<Integer> all = new ArrayList<>();
        db.table(db.archByName("x86_64").orElseThrow())
                .all()
                .forEach(call -> all.add(call.number()));
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Integer> shuffled = new ArrayList<>(all);
            Collections.shuffle(shuffled, random);
            List<Integer> made = shuffled.subList(0, 1 + random.nextInt(60));
            Recording recording = Recording.of(run("1", program("/bin/x", X86_64, made)));
            List<String> learned =
                    LearnedPolicy.of(recording.calls(), db.archByName("x86_64").orElseThrow())
                            .allowlist()
                            .entries();
            int missing = random.nextInt(learned.size());
            List<String> entries = new ArrayList<>(learned);
            Collections.shuffle(entries, random);
            List<String> taken = List.copyOf(entries.subList(0, missing));
            entries.subList(0, missing).clear();
            List<String> added = new ArrayList<>();
            for (int number : shuffled.subList(60, 60 + random.nextInt(10))) {
                added.add(Integer.toString(number));
            }
            entries.addAll(added);
            Drift drift =
                    drift(recording, "SECCOMP_SYSCALL_ALLOW=" + String.join(":", entries) + "\n");
            String context = "seed " + seed;
            List<String> found = new ArrayList<>();
            for (CallDrift call : drift.calls()) {
                found.add(
                        LearnedPolicy.of(
                                        List.of(call.call()), db.archByName("x86_64").orElseThrow())
                                .allowlist()
                                .value());
            }
            assertEquals(new TreeSet<>(taken), new TreeSet<>(found), context);
            assertEquals(new TreeSet<>(added), new TreeSet<>(unused(drift)), context);
        }
    }
}

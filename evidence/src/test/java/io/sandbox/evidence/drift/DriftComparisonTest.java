// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.I386;
import static io.sandbox.evidence.testing.Evidence.X86_64;
import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.number;
import static io.sandbox.evidence.testing.Evidence.program;
import static io.sandbox.evidence.testing.Evidence.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.drift.CallDrift.Kind;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.syscalldb.SyscallDb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
        return new CheckResult(
                        "p",
                        "0.1.0",
                        drift,
                        FailOn.NEW,
                        Tolerance.NONE,
                        Optional.empty(),
                        List.of(),
                        Doubt::sentence)
                .reasonsForDoubt()
                .isEmpty();
    }

    private static Recording socketUnder(RunFilter filter) {
        return Recording.of(
                run(
                        "1",
                        filter,
                        0,
                        COMPLETE,
                        program("/bin/x", X86_64, List.of(number("socket")))));
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

    /** sandbox learn --chance-calls and the like add calls that no run has to show. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "read\nsched_yield # added, a thread lets others run\nwrite\n",
                "# sched_yield: added, a thread lets others run\n"
                        + "SECCOMP_SYSCALL_ALLOW=read:sched_yield:write\n"
            })
    void of_callThatAToolAdded_isNotUnused(String policy) {
        assertEquals(List.of("write"), unused(drift(calls("read"), policy)));
    }

    /** Such a run may have made the call; only another run's record can show it. */
    @Test
    void of_callThatPassedUnseenAndIsNotAllowed_isNoEvidence() {
        Drift drift =
                underFilter(new RunFilter(false, List.of("sync", "write")), "write", "write:read");
        assertEquals(List.of("sync"), drift.passed());
        assertFalse(suffices(drift));
        assertTrue(
                suffices(
                        underFilter(
                                new RunFilter(false, List.of("sync", "write")),
                                "write",
                                "sync:write")));
    }

    private static Drift underFilter(RunFilter filter, String call, String list) {
        Recording recording =
                Recording.of(
                        run(
                                "1",
                                filter,
                                0,
                                COMPLETE,
                                program("/bin/x", X86_64, List.of(number(call)))));
        return Evidence.drift(recording, "SECCOMP_SYSCALL_ALLOW=" + list + "\n");
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
    void of_otherNamesAndNumbers_areTheSame() {
        Drift drift = drift(calls("pread64", "write", "read"), "SECCOMP_SYSCALL_ALLOW=pread:1:0\n");
        assertEquals(List.of(), drift.calls());
        assertEquals(List.of(), drift.unused());
    }

    @Test
    void of_numberWithoutName_isComparedAsANumber() {
        int most = CallRef.MAX_NUMBER;
        Recording recording =
                Recording.of(run("1", program("/bin/x", X86_64, List.of(9999, most, -7))));
        assertEquals(
                List.of("-7"),
                names(drift(recording, "SECCOMP_SYSCALL_ALLOW=9999:" + most + "\n")));
    }

    @Test
    void of_severalCalls_areSortedByArchitectureAndName() {
        Recording recording =
                Recording.of(
                        run(
                                "1",
                                program("/bin/x", X86_64, List.of(number("read"), number("close"))),
                                program("/bin/x32", I386, List.of(number("write")))));
        assertEquals(
                List.of("i386 exit", "x86_64 close", "x86_64 read"),
                drift(recording, "mmap\n").calls().stream()
                        .map(call -> call.call().archName() + " " + call.call().displayName())
                        .toList());
    }

    @Test
    void of_numberOfAnotherArchitecture_isNotTheNativeCall() {
        // 1 is write on x86_64 and exit on i386.
        Recording recording = Recording.of(run("1", program("/bin/x32", I386, List.of(1))));
        Drift drift = drift(recording, "write\nexit\n");
        assertEquals(List.of("exit"), names(drift));
        assertFalse(drift.calls().get(0).covered());
        assertEquals(List.of("write", "exit"), unused(drift));
    }

    @Test
    void of_architectureThatThePolicyCovers_isComparedByItsOwnNames() {
        String policy =
                "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86_64\","
                        + "\"SCMP_ARCH_X86\"],\"syscalls\":[{\"names\":[\"exit\"],"
                        + "\"action\":\"SCMP_ACT_ALLOW\"}]}";
        Recording recording = Recording.of(run("1", program("/bin/x32", I386, List.of(1, 4))));
        Drift drift = drift(recording, policy);
        assertEquals(List.of("write"), names(drift));
        assertTrue(drift.calls().get(0).covered());
        assertEquals(List.of(), drift.unused());
    }

    @Test
    void of_denyList_reportsWhatItRefuses() {
        Drift drift = drift(calls("mkdir", "write"), "SECCOMP_SYSCALL_DENY=mkdir:rmdir\n");
        assertEquals(List.of("mkdir"), names(drift));
        assertTrue(drift.calls().get(0).isRuled());
        assertEquals(List.of(), drift.unused(), "what is refused is meant to be unused");
    }

    /** An errno that a rule of an allow list gives is a decision; all else is drift. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    kill        | "action": "errno:EPERM"                        | REFUSED
                    errno:EPERM | "action": "errno:EPERM"                        | REFUSED
                    log         | "action": "errno:ENOSYS"                       | REFUSED
                    kill        | "action": "kill"                               | NEW
                    kill        | "action": "log"                                | NEW
                    kill        | "action": "errno:EPERM", "if": ["arg0==1"]     | NEW
                    errno:EPERM | "action": "errno:ENOSYS", "if": ["arg0==1"]    | NEW
                    allow       | "action": "errno:EPERM"                        | NEW
                    """)
    void of_refusingRule_isADecisionIfTheCallFailsInAnyCase(
            String otherwise, String rule, Kind kind) {
        String json =
                "{\"sandboxPolicy\": 1, \"default\": \""
                        + otherwise
                        + "\", \"rules\": [\n{\"call\": \"mkdir\", "
                        + rule
                        + "}]}";
        CallDrift found = drift(calls("mkdir"), json).calls().get(0);
        assertEquals(kind, found.kind());
        assertEquals(kind == Kind.NEW, FailOn.NEW.concerns(found));
        assertEquals(kind == Kind.NEW, FailOn.parse("risk=low").concerns(found));
    }

    @Test
    void of_refusalWithoutARule_isDrift() {
        Drift drift =
                drift(
                        calls("mkdir"),
                        "{\"sandboxPolicy\": 1, \"default\": \"errno:EPERM\", \"rules\": ["
                                + "{\"call\": \"read\", \"action\": \"allow\"}]}");
        assertEquals(Kind.NEW, drift.calls().get(0).kind());
    }

    @Test
    void of_firstRuleThatMatches_decides() {
        String json =
                "{\"sandboxPolicy\": 1, \"default\": \"kill\", \"rules\": [\n"
                        + "{\"call\": \"write\", \"action\": \"errno:EPERM\"},\n"
                        + "{\"call\": \"write\", \"action\": \"allow\"},\n"
                        + "{\"call\": \"read\", \"action\": \"log\"}]}";
        Drift drift = drift(calls("write", "read"), json);
        assertEquals(List.of("read", "write"), names(drift));
        assertEquals(List.of(4, 2), drift.calls().stream().map(CallDrift::line).toList());
    }

    @Test
    void of_defaultLog_isNotAllowed() {
        String policy = "SECCOMP_SYSCALL_ALLOW=write\nSECCOMP_DEFAULT_ACTION=log\n";
        assertEquals(List.of("read"), names(drift(calls("read", "write"), policy)));
    }

    @Test
    void of_conditionWithoutArguments_isUndecided() {
        Drift drift = drift(socketUnder(RunFilter.LOG_ALL), "socket(arg0==1)\n");
        assertEquals(Kind.UNDECIDED, drift.calls().get(0).kind());
        assertFalse(suffices(drift));
    }

    @Test
    void of_recordDespiteThePassedCondition_isOutside() {
        Drift drift = drift(socketUnder(LOOPBACK), "socket(arg0==1)\n");
        assertEquals(Kind.OUTSIDE_CONDITIONS, drift.calls().get(0).kind());
        assertTrue(suffices(drift));
    }

    @Test
    void of_recordDespiteAPartOfTheCondition_isUndecided() {
        Drift drift = drift(socketUnder(LOOPBACK), "socket(arg0==1)\nsocket(arg0==2)\n");
        assertEquals(List.of(Kind.UNDECIDED), drift.calls().stream().map(CallDrift::kind).toList());
    }

    @Test
    void of_callThatPassedUnseen_isNotUnused() {
        Recording recording =
                Recording.of(
                        run("1", LOOPBACK, 0, COMPLETE, program("/bin/x", X86_64, List.of(1))));
        Drift drift = drift(recording, "socket(arg0==1)\nwrite\nread\n");
        assertEquals(List.of("read"), unused(drift));
        assertTrue(suffices(drift));
    }

    @Test
    void of_callOfForeignArchitectureUnderACondition_isUndecided() {
        // Only native calls pass the filter unseen.
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
        Recording recording =
                new Recording(
                        List.of(
                                run("1", program("/bin/x", X86_64, List.of(0))),
                                run(
                                        "2",
                                        program("/bin/x", X86_64, List.of(0)),
                                        program("/bin/y", X86_64, List.of(0)))));
        CallDrift call = drift(recording, "SECCOMP_SYSCALL_ALLOW=\n").calls().get(0);
        assertEquals(6, call.count());
        assertEquals(
                List.of("/bin/x", "/bin/y"), call.seen().stream().map(Seen::executable).toList());
    }

    @Test
    void of_losses_areNotConclusive() {
        Verdict lost = new Verdict.Incomplete(3, List.of("3 records were dropped"));
        Recording recording =
                Recording.of(
                        run(
                                "1",
                                RunFilter.LOG_ALL,
                                0,
                                lost,
                                program("/bin/x", X86_64, List.of(1))));
        assertFalse(suffices(drift(recording, "write\n")));
    }

    @Test
    void of_nothing_isNotConclusive() {
        assertFalse(suffices(drift(new Recording(List.of()), "write\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"write(", "a b", "\n", "UP", "write(arg9==1)", "\u0000"})
    void of_recordingWithAllowedNonsense_isRefused(String entry) {
        Recording recording =
                Recording.of(
                        run(
                                "1",
                                new RunFilter(false, List.of(entry)),
                                0,
                                COMPLETE,
                                program("/bin/x", X86_64, List.of(1))));
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

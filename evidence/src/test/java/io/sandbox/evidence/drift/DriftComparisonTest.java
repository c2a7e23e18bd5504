// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import static io.sandbox.evidence.testing.Evidence.calls;
import static io.sandbox.evidence.testing.Evidence.drift;
import static io.sandbox.evidence.testing.Evidence.made;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Verdict;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicySyntaxException;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.syscalldb.Origin;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DriftComparisonTest {
    private static String shown(CallDrift call) {
        List<String> words = new ArrayList<>(List.of(call.kind().toString()));
        words.add(call.call().archName() + " " + call.call().displayName() + " x " + call.count());
        words.add("by " + call.seen().stream().map(Seen::executable).toList());
        words.add(call.isRuled() ? "ruled" : "");
        words.add(call.covered() ? "" : "not covered");
        words.add(call.line() > 0 ? "line " + call.line() : "");
        call.arguments().forEach(words::add);
        words.add(call.facts().map(facts -> facts.risk().word()).orElse("unknown"));
        words.add(call.sibling().map(Object::toString).orElse(""));
        words.add(FailOn.NEW.concerns(call) ? "fails" : "");
        words.add(FailOn.parse("risk=low").concerns(call) ? "fails by risk" : "");
        words.removeIf(String::isEmpty);
        return String.join(" ", words);
    }

    /** All that a comparison finds. */
    private static String facts(Recording recording, Drift drift) {
        List<String> facts =
                new ArrayList<>(drift.calls().stream().map(DriftComparisonTest::shown).toList());
        for (UnusedRule rule : drift.unused()) {
            facts.add(
                    String.format(
                            "unused %s x %s line %s",
                            rule.subject(), rule.rules().size(), rule.line()));
        }
        drift.passed().forEach(call -> facts.add("passed " + call));
        Doubts.about(drift, Tolerance.NONE)
                .forEach(doubt -> facts.add("doubt: " + doubt.sentence()));
        facts.add(DriftComparison.showsOnlyRefusals(recording) ? "only refusals" : "");
        facts.removeIf(String::isEmpty);
        return String.join("; ", facts);
    }

    @Table
    void of_recordingAndPolicy_findsFacts(String name, String runs, String policy, String facts) {
        Recording recording = RunText.recording(runs);
        Drift drift = drift(recording, policy);
        assertEquals(facts, facts(recording, drift), name);
        // What was learned from it allows all that a list can.
        LearnedPolicy learned = LearnedPolicy.of(recording.calls(), SyscallDb.get().arch("x86_64"));
        Drift left =
                drift(recording, "SECCOMP_SYSCALL_ALLOW=" + learned.allowlist().value() + "\n");
        assertEquals(
                Set.copyOf(learned.inexpressible()),
                left.calls().stream().map(CallDrift::call).collect(Collectors.toSet()));
        // Each call is in one part.
        List<CallDrift> rest = new ArrayList<>(drift.calls());
        rest.removeAll(drift.undecided());
        assertEquals(rest.stream().filter(FailOn.NEW::concerns).toList(), drift.forbidden());
        assertEquals(Set.copyOf(rest), Set.copyOf(drift.notAllowed()));
        rest.removeAll(drift.forbidden());
        assertEquals(rest, drift.refused());
        assertEquals(List.of(), drift.ofRefusals().undecided());
        assertEquals(rest, drift.ofRefusals().refused());
    }

    @Test
    void of_newCall_saysWhereItWasSeen() {
        Seen seen = drift(calls("ptrace"), "read\n").calls().get(0).seen().get(0);
        assertEquals(12, seen.firstMillis());
        assertEquals("/usr/lib/libc.so.6+0x1234", seen.origin().get().toString());
    }

    @Table
    void of_recordingWithAllowedNonsense_isRefused(String entry) {
        RunFilter filter = new RunFilter(false, List.of(entry));
        Recording recording = made(filter, 0, new Verdict.Complete(), 1);
        assertThrows(PolicySyntaxException.class, () -> drift(recording, "write\n"));
    }

    /** How often it was seen, in which second, and where, if that is known. */
    private static Seen seen(String text) {
        String[] part = text.split(" ");
        int second = Integer.parseInt(part[1]);
        return new Seen(
                "/bin/x",
                Long.parseLong(part[0]),
                Instant.ofEpochSecond(second),
                second * 10L,
                Stream.of(part).skip(2).map(file -> new Origin(file, 1)).findFirst());
    }

    @Table
    void plus_twoRuns_countsBothAndKeepsTheEarlier(String first, String second, String both) {
        assertEquals(seen(both), seen(first).plus(seen(second)));
    }

    // Values that --args recorded, and the conditions of a policy.

    /** A dash stands for evidence without values. */
    @Table
    void judged_valuesAndConditions_allowedRefusedOrOpen(
            String list, String recorded, String expected) {
        List<Optional<List<String>>> evidence = new ArrayList<>();
        for (String part : recorded.split(" ")) {
            evidence.add(
                    part.equals("-") ? Optional.empty() : Optional.of(List.of(part.split(";"))));
        }
        Ruling ruling =
                Evidence.policy(list.replace(' ', '\n'))
                        .about("x86_64", new CallRef.Named("socket"));
        String judged =
                !RecordedArguments.refused(ruling, evidence).isEmpty()
                        ? "refused"
                        : RecordedArguments.allAllowed(ruling, evidence) ? "allowed" : "open";
        assertEquals(expected, judged);
    }

    /**
     * @param inEvidence what sandbox review tells beside its questions
     * @param tolerated what is told with {@code a}, which is no doubt
     */
    @Table
    void about_evidence_isWhatTheToleranceLeaves(
            String runs,
            String policy,
            String tolerance,
            String doubts,
            String inEvidence,
            String tolerated) {
        Drift drift = drift(RunText.recording(runs), policy);
        Tolerance of = new Tolerance(tolerance.equals("gaps"), tolerance.equals("failures"));
        assertEquals(
                doubts,
                Doubts.about(drift, of).stream()
                        .map(doubt -> doubt.kind() + " " + doubt.sentence())
                        .collect(Collectors.joining(" // ")));
        assertEquals(inEvidence, String.join(" // ", Doubts.inEvidence(drift)));
        assertEquals(tolerated, String.join(" // ", Doubts.withTolerated(List.of("a"), drift, of)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.TestsOfCalls;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.meaning.Ruling;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares each call of a recording with a policy, by architecture and number, so that aliases,
 * numbers and the order of rules make no difference. For one thread.
 */
public final class DriftComparison {
    private final PolicyMeaning policy;
    private final Recording recording;
    private final TestsOfCalls tests;

    /** The keys of all calls that were or may have been made, allowed or not. */
    private final Set<String> usedKeys = new HashSet<>();

    private final Set<String> recordedKeys = new HashSet<>();

    /** What any run let pass without a record, as entries of a list, by the key of the call. */
    private final Map<String, Set<String>> passedByKey = new TreeMap<>();

    private final Map<ObservedCall, Occurrence> occurrences = new TreeMap<>();
    private int lastLine = 1;

    /** What all runs showed of one call. */
    private static final class Occurrence {
        private final Map<String, Seen> byExecutable = new TreeMap<>();

        /** For each run that recorded the call: the entries that hid it in this run. */
        private final Set<Set<String>> unseen = new HashSet<>();

        /** The values that each part of the evidence shows; empty for one that does not. */
        private final List<Optional<List<String>>> arguments = new ArrayList<>();
    }

    private DriftComparison(PolicyMeaning policy, Recording recording) {
        this.policy = policy;
        this.recording = recording;
        tests = TestsOfCalls.of(recording);
    }

    /**
     * @throws io.sandbox.policy.PolicySyntaxException if the allowed entries of a run are no list
     */
    public static Drift of(Recording recording, PolicyMeaning policy) {
        return new DriftComparison(policy, recording).compare();
    }

    private Drift compare() {
        for (PolicyMeaning.AllowedItem item : policy.allowedItems()) {
            lastLine = Math.max(lastLine, item.line());
        }
        recording.runs().forEach(this::collect);
        List<CallDrift> calls = new ArrayList<>();
        occurrences.forEach((call, occurrence) -> judge(call, occurrence).ifPresent(calls::add));
        calls.sort(
                Comparator.comparing((CallDrift call) -> call.call().archName())
                        .thenComparing(call -> call.call().displayName()));
        return new Drift(
                calls,
                unused(),
                recording.unhealed(),
                recording.runs().stream().filter(DriftComparison::failed).toList(),
                List.copyOf(passed()),
                occurrences.size(),
                recording.runs().stream().mapToLong(Run::records).sum(),
                recording.runs().size());
    }

    private static boolean failed(Run run) {
        // In a state, a program is killed, or meets a full disk.
        return !run.filter().enforced() && run.state().isEmpty() && run.status().orElse(0) != 0;
    }

    private void collect(Run run) {
        Map<String, Set<String>> unseen = unseen(run);
        usedKeys.addAll(unseen.keySet());
        for (Map.Entry<String, Set<String>> call : unseen.entrySet()) {
            passedByKey
                    .computeIfAbsent(call.getKey(), key -> new TreeSet<>())
                    .addAll(call.getValue());
        }
        for (ProgramEvidence program : run.programs()) {
            for (CallEvidence evidence : program.calls()) {
                ObservedCall call = ObservedCall.of(program.auditArch(), evidence.number());
                Occurrence occurrence = occurrences.computeIfAbsent(call, key -> new Occurrence());
                Seen seen =
                        new Seen(
                                program.executable(),
                                evidence.count(),
                                run.started().plusMillis(evidence.firstMillis()),
                                evidence.firstMillis(),
                                evidence.origin());
                occurrence.byExecutable.merge(program.executable(), seen, Seen::plus);
                String key = ref(call).map(name -> policy.key(call.archName(), name)).orElse("");
                usedKeys.add(key);
                recordedKeys.add(key);
                occurrence.unseen.add(unseen.getOrDefault(key, Set.of()));
                occurrence.arguments.add(evidence.arguments());
            }
        }
    }

    /**
     * What a run let pass without a record, as entries of a list, by the key of the call; such
     * calls may have been made. Calls of foreign architectures never pass without a record.
     */
    private Map<String, Set<String>> unseen(Run run) {
        Map<String, Set<String>> unseen = new HashMap<>();
        for (PolicyEntry entry :
                PolicyText.parseEntries(String.join(":", run.filter().allowed()))) {
            if (entry.errno().isPresent()) {
                continue; // such a call was refused
            }
            unseen.computeIfAbsent(policy.key(policy.arch(), entry.call()), key -> new HashSet<>())
                    .add(entry.toString());
        }
        return unseen;
    }

    /** Entries that may hide calls from every run, and that the policy does not allow. */
    private Set<String> passed() {
        Set<String> passed = new TreeSet<>();
        for (Map.Entry<String, Set<String>> call : passedByKey.entrySet()) {
            if (recordedKeys.contains(call.getKey())) {
                continue;
            }
            for (String text : call.getValue()) {
                CallRef name = PolicyText.parseEntries(text).get(0).call();
                Ruling ruling = policy.about(policy.arch(), name);
                boolean allowed =
                        ruling.extent() == Ruling.Extent.ALWAYS || ruling.entries().contains(text);
                if (!allowed) {
                    passed.add(text);
                }
            }
        }
        return passed;
    }

    /** How a policy names the call: by name, or else by number; empty if by neither. */
    private static Optional<CallRef> ref(ObservedCall call) {
        if (call.syscall().isPresent()) {
            return Optional.of(new CallRef.Named(call.syscall().get().name()));
        }
        return call.number() >= 0 && call.number() <= CallRef.MAX_NUMBER
                ? Optional.of(new CallRef.Numbered(call.number()))
                : Optional.empty();
    }

    /** Whether all evidence is of calls that a filter refused: it lacks those that are allowed. */
    public static boolean showsOnlyRefusals(Recording recording) {
        return !recording.runs().isEmpty()
                && recording.runs().stream()
                        .map(Run::filter)
                        .allMatch(filter -> filter.enforced() && filter.allowed().isEmpty());
    }

    private Optional<CallDrift> judge(ObservedCall call, Occurrence occurrence) {
        String arch = call.archName();
        Ruling ruling =
                ref(call)
                        .map(name -> policy.about(arch, name))
                        .orElseGet(() -> policy.aboutUnnameable(arch));
        if (ruling.extent() == Ruling.Extent.ALWAYS) {
            return Optional.empty();
        }
        boolean refused = policy.isAllowList() && ruling.failsByRule();
        CallDrift.Kind kind = refused ? CallDrift.Kind.REFUSED : CallDrift.Kind.NEW;
        if (ruling.extent() == Ruling.Extent.SOMETIMES) {
            if (RecordedArguments.allAllowed(ruling, occurrence.arguments)) {
                return Optional.empty();
            }
            kind = kindByArguments(ruling, occurrence);
        }
        Optional<SyscallFacts> facts =
                call.syscall().map(Syscall::name).flatMap(SyscallDb.get()::facts);
        List<Seen> seen =
                occurrence.byExecutable.values().stream()
                        .sorted(Comparator.comparingLong(Seen::count).reversed())
                        .toList();
        int line = ruling.rules().isEmpty() ? 0 : ruling.rules().get(0).note().line();
        List<String> outside = List.of();
        if (kind == CallDrift.Kind.OUTSIDE_CONDITIONS) {
            outside = RecordedArguments.refused(ruling, occurrence.arguments);
        }
        return Optional.of(
                new CallDrift(
                        kind,
                        call,
                        ruling,
                        line > 0 ? line : lastLine,
                        policy.covers(arch),
                        facts,
                        facts.flatMap(known -> sibling(arch, known, refused)),
                        seen,
                        outside,
                        tests.of(call)));
    }

    /**
     * If a run let everything that the policy allows pass without a record, the call that it did
     * record had other arguments; recorded values tell it too. Otherwise this is undecided.
     */
    private static CallDrift.Kind kindByArguments(Ruling ruling, Occurrence occurrence) {
        boolean outside =
                !ruling.entries().isEmpty()
                        && occurrence.unseen.stream()
                                .anyMatch(entries -> entries.containsAll(ruling.entries()));
        outside |= !RecordedArguments.refused(ruling, occurrence.arguments).isEmpty();
        return outside ? CallDrift.Kind.OUTSIDE_CONDITIONS : CallDrift.Kind.UNDECIDED;
    }

    /** What C libraries call in place of this call, the closest first. */
    private static List<String> siblings(SyscallFacts facts) {
        Stream<String> others =
                SyscallDb.get().allFacts().stream()
                        .filter(other -> other.siblings().contains(facts.name()))
                        .map(SyscallFacts::name);
        return Stream.concat(facts.siblings().stream(), others).distinct().toList();
    }

    /** The closest that is made after a refusal; else first one that may be left over. */
    private Optional<CallDrift.Sibling> sibling(String arch, SyscallFacts facts, boolean refused) {
        Optional<CallDrift.Sibling> used = Optional.empty();
        for (String other : siblings(facts)) {
            CallRef name = new CallRef.Named(other);
            if (policy.isAllowList() && policy.about(arch, name).extent() != Ruling.Extent.NEVER) {
                boolean unused = !usedKeys.contains(policy.key(arch, name));
                Optional<CallDrift.Sibling> found =
                        Optional.of(new CallDrift.Sibling(other, unused));
                if (unused || refused) {
                    return found;
                }
                used = used.or(() -> found);
            }
        }
        return used;
    }

    private List<UnusedRule> unused() {
        List<UnusedRule> unused = new ArrayList<>();
        if (showsOnlyRefusals(recording) || !recording.missingStarts().all().isEmpty()) {
            return unused;
        }
        for (PolicyMeaning.AllowedItem item : policy.allowedItems()) {
            if (item.keys().stream().noneMatch(usedKeys::contains)
                    && !item.rules().stream().allMatch(policy::isAddition)) {
                unused.add(new UnusedRule(item.subject(), Math.max(1, item.line()), item.rules()));
            }
        }
        return unused;
    }
}

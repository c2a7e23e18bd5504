// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.lists.CapabilityLines;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.lists.OtherList;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.AtMost;
import io.sandbox.cli.policyfile.LooserLines;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.TestsOfCalls;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.evidence.learned.CautiousEntries;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.evidence.learned.Portability;
import io.sandbox.evidence.learned.ProgramPolicy;
import io.sandbox.evidence.learned.RuntimeCalls;
import io.sandbox.policy.Allowlist;
import io.sandbox.policy.Condition;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.ConstantNames;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/** Writes the learned lists, with comments on entries that need an explanation. */
final class LearnedLists {
    private static final BinaryOperator<String> BOTH = (first, second) -> first + "; " + second;

    private final ListFormat format;
    private final ChanceAdditions chance;
    private final ArgumentDetail arguments;
    private final UnknownCalls unknown;
    private final AtMost atMost;
    private final Console console;

    /**
     * @param chance which calls to add that no run showed, and how much is said about arguments
     * @param unknown what happens to calls that this kernel does not have
     * @param atMost what the lists must not exceed
     * @param console is told what the format cannot say
     */
    LearnedLists(
            ListFormat format,
            ChanceAdditions chance,
            UnknownCalls unknown,
            AtMost atMost,
            Console console) {
        this.format = format;
        this.chance = chance;
        arguments = chance.arguments();
        this.unknown = unknown;
        this.atMost = atMost;
        this.console = console;
    }

    /**
     * Writes one list, for one architecture.
     *
     * @param recording the recording; if it is of a container, it may show what the runtime needs
     * @param seenOnlyEnforced the calls that only runs under enforcement showed
     * @param more calls that no run can show, with the reasons
     */
    byte[] write(
            Recording recording,
            LearnedPolicy policy,
            Arch arch,
            Collection<ObservedCall> seenOnlyEnforced,
            Map<String, String> more) {
        Map<String, String> notes = unknownArguments(recording, arch);
        for (ObservedCall call : seenOnlyEnforced) {
            notes.put(call.displayName(), "seen only under enforcement");
        }
        TestsOfCalls.of(recording)
                .byCall()
                .forEach(
                        (call, makers) -> {
                            if (makers.areStates()) {
                                notes.merge(call.displayName(), makers.makers(), BOTH);
                            }
                        });
        Map<String, String> additions = additions(recording, policy, arch, more);
        byte[] list = write(List.of(), notes, policy, arch, additions);
        return capabilities(recording).map(lines -> lines.behind(list)).orElse(list);
    }

    /** What is to be said of capabilities; empty if the source does not tell of them. */
    Optional<CapabilityLines> capabilities(Recording recording) {
        return LearnedCapabilities.of(recording)
                .map(learned -> new CapabilityLines(format, learned));
    }

    /** The list of a container or service. Says where it is looser than what it may replace. */
    byte[] writeContainer(List<String> comments, Recording recording, Arch arch) {
        LearnedPolicy policy =
                LearnedPolicy.of(
                        recording.calls(),
                        arch,
                        LearnedConditions.of(recording, arguments.limit()));
        sayBounds(recording, policy, arch, Map.of(), List.of(DefaultProfile.values()));
        Map<String, String> notes = unknownArguments(recording, arch);
        return write(comments, notes, policy, arch, additions(recording, policy, arch, Map.of()));
    }

    private Map<String, String> unknownArguments(Recording recording, Arch arch) {
        Map<String, String> notes = new LinkedHashMap<>();
        LearnedConditions.unknown(recording, arguments, arch)
                .forEach(
                        call ->
                                notes.put(
                                        call.displayName(),
                                        "with any arguments, for not all are known"));
        return notes;
    }

    private Map<String, String> additions(
            Recording recording, LearnedPolicy policy, Arch arch, Map<String, String> more) {
        Map<String, String> additions =
                new TreeMap<>(chance.to(policy.allowlist(), recording, arch));
        if (format.isForRuntimes()) {
            additions.putAll(RuntimeCalls.additions(recording, arch));
        }
        additions.putAll(more);
        return additions;
    }

    /** Writes a list for each executable and architecture, below its path. */
    byte[] writeEach(Recording recording) {
        ByteArrayOutputStream lists = new ByteArrayOutputStream();
        for (ProgramPolicy program : ProgramPolicy.of(recording, arguments.limit())) {
            String path = program.executable().isEmpty() ? "(unknown)" : program.executable();
            List<String> comments = new ArrayList<>(List.of(path + " (" + program.arch() + ")"));
            Allowlist allowed = program.policy().allowlist();
            Optional<Arch> known = SyscallDb.get().archByName(program.arch());
            if (known.isPresent()) {
                Map<String, String> more =
                        chance.to(allowed, recording, known.get(), program.executable());
                lists.writeBytes(write(comments, Map.of(), program.policy(), known.get(), more));
            }
        }
        return lists.toByteArray();
    }

    /**
     * The list of {@link #write} as a document that all formats can write.
     *
     * @param more calls that no run can show, with the reasons
     */
    PolicyDocument document(
            Recording recording, LearnedPolicy policy, Arch arch, Map<String, String> more) {
        return atMost.of(unbounded(recording, policy, arch, more), usual(arch));
    }

    private PolicyDocument unbounded(
            Recording recording, LearnedPolicy policy, Arch arch, Map<String, String> more) {
        Extended extended = extended(policy, arch, additions(recording, policy, arch, more));
        return document(extended.list, extended.reasons);
    }

    private PolicyDocument document(Allowlist list, Map<String, String> reasons) {
        return OtherList.document(list, reasons).withUnknown(unknown);
    }

    /** For the profile of an engine, which depends on what a container may do, not on us. */
    private static Circumstances usual(Arch arch) {
        return HostCircumstances.queryUsual(arch.name());
    }

    /**
     * Says what the bound takes away, and where a list for containers is looser than the profiles
     * that it may replace.
     *
     * @param more as for {@link #document}
     */
    void sayBounds(
            Recording recording,
            LearnedPolicy policy,
            Arch arch,
            Map<String, String> more,
            List<DefaultProfile> replaced) {
        if (!atMost.isGiven() && !format.isForRuntimes()) {
            return; // reads nothing of the profiles
        }
        PolicyDocument list = unbounded(recording, policy, arch, more);
        atMost.sayTaken(list, usual(arch), console);
        if (format.isForRuntimes()) {
            LooserLines.say(atMost.of(list, usual(arch)), usual(arch), replaced, console);
        }
    }

    /**
     * @param above lines above the list, if the format is variables or there is a bound
     * @param notes on calls
     * @param more what is needed besides, with the reasons
     */
    private byte[] write(
            List<String> above,
            Map<String, String> notes,
            LearnedPolicy policy,
            Arch arch,
            Map<String, String> more) {
        Extended extended = extended(policy, arch, more);
        Map<String, String> reasons = new LinkedHashMap<>(notes);
        extended.reasons.forEach((entry, reason) -> reasons.merge(entry, reason, BOTH));
        List<String> comments = new ArrayList<>();
        if (format.isVariables() || atMost.isGiven()) {
            comments.addAll(above);
        }
        if (format.isVariables()) {
            reasons.forEach((entry, reason) -> comments.add(entry + ": " + reason));
            reasons.clear();
            if (!atMost.isGiven()) {
                return format.variables(comments, extended.list, unknown);
            }
        }
        PolicyDocument list = document(extended.list, reasons).withComments(comments);
        return OtherList.write(format.toString(), atMost.of(list, usual(arch)), arch, console);
    }

    private record Extended(Allowlist list, Map<String, String> reasons) {}

    /** Whether an entry has conditions, and another allows the call whatever its arguments. */
    private static boolean isWithinAnother(String entry, Set<String> entries) {
        String call = Allowlist.callOf(entry);
        return !call.equals(entry) && entries.contains(call);
    }

    private Extended extended(LearnedPolicy policy, Arch arch, Map<String, String> more) {
        Allowlist list = policy.allowlist();
        Map<String, String> calls =
                chance.portable()
                        ? Portability.additions(CautiousEntries.settled(list, arch), arch)
                        : Map.of();
        Map<String, String> additions = CautiousEntries.missing(calls, list, arch, arguments);
        additions.putAll(more);
        additions.keySet().removeAll(list.entries());
        Set<String> known = new TreeSet<>(list.entries());
        known.addAll(additions.keySet());
        additions.keySet().removeIf(entry -> isWithinAnother(entry, known));
        additions.replaceAll((entry, reason) -> "added, " + reason);
        List<String> entries = new ArrayList<>(list.entries());
        entries.addAll(additions.keySet());
        Map<String, String> reasons = new LinkedHashMap<>(policy.reasons());
        reasons.putAll(additions);
        if (arguments.exact()) {
            for (String entry : list.entries()) {
                valueNames(entry, arch).ifPresent(names -> reasons.put(entry, names));
            }
        }
        return new Extended(Allowlist.of(entries), reasons);
    }

    /** The names of the values in an entry's conditions; empty if none has a name. */
    private static Optional<String> valueNames(String entry, Arch arch) {
        PolicyEntry read = PolicyText.parseEntries(entry).get(0);
        List<String> names = new ArrayList<>();
        for (Condition condition : read.conditions()) {
            WatchedArgument.find(read.call().toString(), condition.argument())
                    .flatMap(
                            argument ->
                                    ConstantNames.of(
                                            arch.name(),
                                            argument.prefixes(),
                                            argument.choiceMask(),
                                            condition.value()))
                    .ifPresent(names::add);
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }

    /** How the names of files with such lists end. */
    String fileSuffix() {
        return format.ending();
    }
}

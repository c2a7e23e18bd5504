// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.learned;

import static io.sandbox.evidence.testing.Evidence.I386;
import static io.sandbox.evidence.testing.Evidence.X86_64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.NamesOfProgram;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RunCapabilities;
import io.sandbox.evidence.RunCapabilities.Use;
import io.sandbox.evidence.RunOperations;
import io.sandbox.evidence.RunOperations.Way;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.evidence.testing.RunText;
import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is made of a recording: a list, and what is said or added beside it. */
final class LearnedPolicyTest {
    /** The list for x86_64, and the calls that it cannot hold. */
    @Table
    void of_calls_areNamed(String x86, String i386, String unknown, String list, String left) {
        List<ObservedCall> calls = new ArrayList<>();
        add(calls, X86_64, x86);
        add(calls, I386, i386);
        add(calls, 0xc0000777, unknown);
        LearnedPolicy policy = LearnedPolicy.of(calls, SyscallDb.get().arch("x86_64"));
        assertEquals(list, policy.allowlist().value());
        assertEquals(
                left,
                policy.inexpressible().stream()
                        .map(call -> call.archName() + " " + call.displayName())
                        .collect(Collectors.joining(", ")));
    }

    private static void add(List<ObservedCall> calls, int arch, String numbers) {
        for (String number : numbers.isEmpty() ? new String[0] : numbers.split(" ")) {
            calls.add(ObservedCall.of(arch, Integer.parseInt(number)));
        }
    }

    private static final int UNKNOWN_ARCH = 0xc0000777;

    private static ProgramEvidence program(String executable, int arch, int number) {
        return new ProgramEvidence(executable, arch, List.of(new CallEvidence(number, 1, 0)));
    }

    private static String policies(Recording recording, int limit) {
        return ProgramPolicy.of(recording, limit).stream()
                .map(
                        one ->
                                String.format(
                                        "%s %s %s %s",
                                        one.executable(),
                                        one.arch(),
                                        one.policy().allowlist().value(),
                                        one.policy().inexpressible().size()))
                .collect(Collectors.joining("; "));
    }

    /** Each executable has a policy for each architecture, of its own calls and arguments. */
    @Table
    void of_programs_eachHasItsPolicy(String runs, int limit, String policies) {
        assertEquals(policies, policies(RunText.recording(runs), limit));
    }

    @Test
    void of_archWithoutTable_isNamedInHexAndItsCallsAreInexpressible() {
        Recording recording = Recording.of(Evidence.run("0", program("/bin/x", UNKNOWN_ARCH, 3)));
        assertEquals("/bin/x c0000777  1", policies(recording, 0));
    }

    /** Whether the call comes with a list of that call, and its comment if that is told. */
    @Table
    void additions_ofACall_areOfTheArch(
            String arch, String listed, String call, boolean comes, String why) {
        Arch found = SyscallDb.get().arch(arch);
        Map<String, String> additions = Portability.additions(List.of(listed), found);
        assertEquals(comes, additions.containsKey(call));
        assertFalse(!why.isEmpty() && !why.equals(additions.get(call)), additions::toString);
        assertEquals(
                why.contains("vDSO"),
                Portability.answeredByVdso(List.of(listed), found).contains(call));
    }

    /** {@code own} is the architecture of this machine. */
    @Table
    void archAmong_names_isOursOrTheFirstThatIsKnown(String names, String arch) {
        String own = SyscallDb.get().nativeArch().name();
        TreeSet<String> all = new TreeSet<>(words(names.replace("own", own)));
        assertEquals(arch.replace("own", own), LearnedPolicy.archAmong(all).name());
    }

    @Table
    void in_runs_areThoseOfTheirProgramsAndCommands(String runs, String runtimes, String starters) {
        Set<String> found = ContainerRuntimes.in(RunText.recording(runs));
        assertEquals(runtimes, String.join(" ", found));
        found.removeIf(each -> !ContainerRuntimes.startsContainers("/usr/bin/" + each));
        assertEquals(starters, String.join(" ", found));
    }

    @Table
    void additions_ofRuntimes_areWhatTheyMakeAndHide(String runs, String entries, String reasons) {
        Map<String, String> additions =
                RuntimeCalls.additions(RunText.recording(runs), SyscallDb.get().arch("x86_64"));
        assertEquals(entries, String.join(":", additions.keySet()));
        assertEquals(reasons, String.join("; ", new TreeSet<>(additions.values())));
    }

    private static List<String> words(String text) {
        return Stream.of(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    /** Those expected with + are among the entries, and those with - are not. */
    private static void assertHas(String expected, Set<String> entries) {
        for (String each : words(expected)) {
            assertEquals(each.charAt(0) == '+', entries.contains(each.substring(1)), each);
        }
    }

    /**
     * A call of the recording that the runtime can make in another way.
     *
     * @param file an executable, behind {@code elsewhere} one of another version; or a C library
     */
    @Table
    void ofRuntimes_areThoseOfTheFilesThatWereSeen(
            String arch, String calls, String file, String some, String all) {
        boolean elsewhere = file.startsWith("elsewhere");
        boolean library = file.startsWith("glibc") || file.equals("musl");
        String name = library ? "/bin/x" : file.substring(file.indexOf(' ') + 1);
        ProgramEvidence program =
                new ProgramEvidence(
                        name,
                        X86_64,
                        library ? Optional.of(file) : Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        false);
        Recording recording =
                Recording.of(Evidence.run("a", program, program("/bin/other", X86_64, 1)));
        Set<String> seen = ChanceCalls.files(recording, name::equals);
        assertEquals(library ? Set.of(name, file) : Set.of(name), seen);
        Set<String> files = elsewhere ? ChanceCalls.elsewhere(seen) : seen;
        Set<String> wanted = Set.copyOf(words(calls));
        Arch found = SyscallDb.get().arch(arch);
        Set<String> entries =
                ChanceCalls.ofRuntimes(files, wanted, found, ArgumentDetail.CLASSES).keySet();
        assertHas(some, entries);
        assertTrue(!some.isEmpty() || entries.equals(Set.copyOf(words(all))), entries::toString);
        // A list without arguments gets none with them.
        ChanceCalls.ofRuntimes(files, wanted, found, ArgumentDetail.NONE)
                .keySet()
                .forEach(entry -> assertEquals(Allowlist.callOf(entry), entry));
    }

    /** The counts are from real runs. */
    @Table
    void programsWithThreads_counts_tell(String allowed, String counts, boolean threads) {
        Recording recording = RunText.recording("a allowed=" + allowed + ": /bin/x " + counts);
        assertEquals(
                threads ? Set.of("/bin/x") : Set.of(), ChanceCalls.programsWithThreads(recording));
    }

    @Table
    void additions_ofAList_areOfTheArch(String arch, String list, String expected) {
        Map<String, String> additions =
                ChanceCalls.additions(words(list), SyscallDb.get().arch(arch));
        assertHas(expected, additions.keySet());
        assertTrue(additions.values().stream().noneMatch(String::isBlank));
    }

    /**
     * @param runs as {@link RunText} has them; those behind {@code +} in {@code used} have what is
     *     there: {@code WAY=NAME,NAME}, {@code none}, or {@code -REASON}
     */
    @Table
    void of_saysWhatIsKnown(String runs, String used, String sentence) {
        Recording recording =
                RunText.recording(
                        runs, used, (run, its) -> run.submitting(Optional.of(operations(its))));
        assertEquals(
                sentence,
                LearnedOperations.of(recording).map(LearnedOperations::sentence).orElse("nothing"));
    }

    private static RunOperations operations(String text) {
        if (text.startsWith("-")) {
            return RunOperations.unrecorded(text.substring(1));
        }
        Map<Way, List<String>> names = new EnumMap<>(Way.class);
        if (!text.equals("none")) {
            for (String word : text.split(" ")) {
                String[] parts = word.split("=");
                names.put(
                        Way.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                        List.of(parts[1].split(",")));
            }
        }
        return new RunOperations(Optional.empty(), List.of(new NamesOfProgram<>("/bin/x", names)));
    }

    /**
     * @param runs as {@link RunText} has them; those behind {@code +} in {@code used} have what is
     *     there: {@code USE=NAME,NAME}, {@code needed=NAME}, {@code spared=NAME}, or {@code
     *     -REASON}
     */
    @Table
    void of_keepsWhatTheRunsNeeded(String runs, String used, String sentence, String comment) {
        Recording recording =
                RunText.recording(runs, used, (run, its) -> run.using(capabilities(its)));
        Optional<LearnedCapabilities> learned = LearnedCapabilities.of(recording);
        assertEquals(sentence, learned.map(LearnedCapabilities::sentence).orElse("nothing"));
        assertEquals(comment, learned.flatMap(LearnedCapabilities::comment).orElse(""));
    }

    private static RunCapabilities capabilities(String text) {
        if (text.startsWith("-")) {
            return RunCapabilities.unrecorded(text.substring(1));
        }
        long needed = 0;
        long spared = 0;
        Map<Use, Long> sets = new EnumMap<>(Use.class);
        for (String word : text.split(" ")) {
            int equals = word.indexOf('=');
            long set = Capability.set(List.of(word.substring(equals + 1).split(",")));
            switch (word.substring(0, equals)) {
                case "needed" -> needed = set;
                case "spared" -> spared = set;
                default ->
                        sets.put(
                                Use.valueOf(word.substring(0, equals).toUpperCase(Locale.ROOT)),
                                set);
            }
        }
        return new RunCapabilities(
                        Optional.empty(), 0, List.of(new RunCapabilities.OfProgram("/bin/x", sets)))
                .tried(needed, spared);
    }
}

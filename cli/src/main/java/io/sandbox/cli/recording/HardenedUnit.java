// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.recording;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunAccess;
import io.sandbox.evidence.drift.report.Wording;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.SystemdHardening;
import io.sandbox.recorder.run.BpfRecorder;
import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.text.Shipped;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A drop-in with settings that the evidence proves to be harmless, and the reason above each. */
final class HardenedUnit {
    private static final String PRIVILEGES = "NoNewPrivileges";
    private static final String PORTS = "SocketBindDeny";
    private static final int DRAWN = 1024; // only root binds those below, and draws none
    private static final Pattern INTERNET = Pattern.compile("inet(6?) .*:(\\d+)");

    /** A row of hardening.tsv. */
    private record Setting(
            String key,
            String value,
            List<String> calls,
            long capabilities,
            List<String> families,
            String reason,
            String files,
            Pattern against) {
        static Setting of(String row) {
            String[] fields = row.split("\t", -1);
            return new Setting(
                    fields[0],
                    fields[1],
                    words(fields[2]),
                    Capability.set(words(fields[3])),
                    words(fields[4]),
                    fields[5],
                    fields[6],
                    Pattern.compile(fields[7]));
        }

        private static List<String> words(String text) {
            return text.isEmpty() ? List.of() : List.of(text.split(" "));
        }

        boolean isProved(SystemdHardening policy, long capabilitiesUsed) {
            return calls.stream().allMatch(policy::refuses)
                    && (families.isEmpty() || policy.makesOnly(families))
                    && (capabilities & capabilitiesUsed) == 0;
        }

        String comment(String runs, boolean usesAreKnown) {
            String basis =
                    usesAreKnown && !against.pattern().isEmpty() ? "files as evidence" : "nothing";
            return (reason.isEmpty() ? "" : "# in " + runs + ": " + reason + "\n")
                    + (files.isEmpty() ? "" : "# rests on " + basis + ": " + files + "\n");
        }
    }

    private static final List<Setting> ALL =
            Shipped.lines(HardenedUnit.class, "hardening.tsv").map(Setting::of).toList();

    private final Map<String, StringBuilder> settings = new LinkedHashMap<>();
    private final String notes;
    private final Recording recording;
    private final Optional<RunAccess> access;
    private final Set<String> contradicted = new LinkedHashSet<>();

    /** {@code dropIn}: that of the list. */
    HardenedUnit(String dropIn, Recording recording) {
        this.recording = recording;
        access = known(recording.runs());
        String[] parts = dropIn.split("(?<=\n)(?=\n#)", 2);
        notes = parts.length > 1 ? parts[1] : "";
        parts[0].lines().forEach(line -> add(key(line), line + "\n"));
    }

    private void add(String key, String lines) {
        settings.computeIfAbsent(key, absent -> new StringBuilder()).append(lines);
    }

    /**
     * Adds what the recording proves.
     *
     * @param givesNothing whether no file that was executed gives privileges
     * @param more whether a setting is to be added of which it proves only a part, by name
     * @return itself
     */
    HardenedUnit harden(
            PolicyDocument policy,
            Circumstances here,
            boolean givesNothing,
            Predicate<String> more) {
        SystemdHardening proved = new SystemdHardening(policy, here);
        settings.keySet().removeAll(proved.settings().keySet());
        proved.settings().forEach(this::add);
        if (givesNothing) {
            add(PRIVILEGES, PRIVILEGES + "=yes\n");
        }
        // Rings can bind, too.
        if (proved.refuses("io_uring_setup")) {
            access.ifPresent(any -> add(PORTS, ports(bound())));
        }
        long used =
                LearnedCapabilities.of(recording)
                        .filter(each -> each.unrecorded().isEmpty())
                        .map(each -> each.kept() | each.quiet())
                        .orElse(-1L);
        Set<String> refusing = contradicted(uses());
        ALL.stream()
                .filter(each -> !each.value.isEmpty() && each.isProved(proved, used))
                .filter(each -> each.files.isEmpty() || more.test(each.key))
                .forEach(
                        each -> {
                            if (refusing.contains(each.key)) {
                                contradicted.add(each.key);
                            } else {
                                add(each.key, each.key + "=" + each.value + "\n");
                            }
                        });
        return this;
    }

    /** The settings that would have refused one of these uses of files. */
    static Set<String> contradicted(List<String> uses) {
        return ALL.stream()
                .filter(each -> uses.stream().anyMatch(each.against.asMatchPredicate()))
                .map(Setting::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** By each run that can tell. */
    private List<List<String>> bound() {
        return recording.runs().stream()
                .flatMap(run -> run.access().stream())
                .map(each -> each.names(RunAccess.Use.BIND))
                .toList();
    }

    /** How files were used, as {@code read /dev/null}; nothing if not all is known. */
    private List<String> uses() {
        return Stream.of(RunAccess.Use.values())
                .flatMap(
                        use ->
                                access.stream()
                                        .flatMap(each -> each.names(use).stream())
                                        .map(name -> use.done() + " " + name))
                .toList();
    }

    /** The files and addresses that were used, if all are known. */
    private static Optional<RunAccess> known(List<Run> runs) {
        return runs.stream()
                        .filter(run -> !run.filter().enforced())
                        .allMatch(HardenedUnit::tellsAllBinds)
                ? Run.accessOf(runs)
                : Optional.empty();
    }

    /** Notify is not asked about known calls, and socketcall(2) of i386 and x32 bind otherwise. */
    private static boolean tellsAllBinds(Run run) {
        String here = SyscallDb.get().nativeArch().name();
        return run.source().equals(BpfRecorder.SOURCE)
                && run.isComplete()
                && run.access().filter(each -> each.leftOut() == 0).isPresent()
                && run.calls().stream().allMatch(call -> call.archName().equals(here));
    }

    /** Of a family as SocketBindAllow= has it; ANY stands for all of it. */
    private record Port(String family, int number) {
        private static final int ANY = 0;

        Port any() {
            return new Port(family, ANY);
        }

        @Override
        public String toString() {
            return number == ANY ? family : family + ":" + number;
        }
    }

    /**
     * A port may be any of its family if the kernel is to choose it, or if the program may have
     * drawn it: from 1024 on, it counts if several runs have bound it, and each of them.
     *
     * @param runs what each has bound
     */
    static String ports(List<List<String>> runs) {
        List<Set<Port>> all = runs.stream().map(HardenedUnit::portsOf).toList();
        Set<Port> rules = new LinkedHashSet<>();
        for (Port port : all.stream().flatMap(Set::stream).toList()) {
            boolean always = runs.size() > 1 && all.stream().allMatch(each -> each.contains(port));
            rules.add(port.number < DRAWN || always ? port : port.any());
        }
        rules.removeIf(rule -> rule.number != Port.ANY && rules.contains(rule.any()));
        return rules.stream()
                        .map(rule -> "SocketBindAllow=" + rule + "\n")
                        .collect(Collectors.joining())
                + PORTS
                + "=any\n";
    }

    private static Set<Port> portsOf(Iterable<String> bound) {
        Set<Port> ports = new LinkedHashSet<>();
        for (String address : bound) {
            Matcher matcher = INTERNET.matcher(address);
            if (matcher.matches()) {
                String family = matcher.group(1).isEmpty() ? "ipv4" : "ipv6";
                ports.add(new Port(family, Integer.parseInt(matcher.group(2))));
            }
        }
        return ports;
    }

    /** The settings of a drop-in that can be turned off without the list. */
    static List<String> settings(String dropIn) {
        Set<String> keys =
                dropIn.lines()
                        .map(HardenedUnit::key)
                        .collect(Collectors.toCollection(TreeSet::new));
        return ALL.stream().map(Setting::key).filter(keys::contains).toList();
    }

    /**
     * The settings without which the others do no harm. It does harm to have all of them.
     *
     * @param worksWithout whether all is well without these
     */
    static Set<String> harmful(List<String> settings, Predicate<Collection<String>> worksWithout) {
        Set<String> off = new TreeSet<>(settings);
        turnHalvesOn(settings, off, worksWithout);
        return off;
    }

    /** Those that do no harm together are turned on together. */
    private static void turnHalvesOn(
            List<String> settings, Set<String> off, Predicate<Collection<String>> worksWithout) {
        int half = settings.size() / 2;
        if (half == 0) {
            return;
        }
        for (List<String> some :
                List.of(settings.subList(0, half), settings.subList(half, settings.size()))) {
            off.removeAll(some);
            if (!worksWithout.test(off)) {
                off.addAll(some);
                turnHalvesOn(some, off, worksWithout);
            }
        }
    }

    /** The drop-in without these settings and their reasons, but with a comment about each. */
    static String without(Collection<String> off, String dropIn) {
        StringBuilder text = new StringBuilder();
        StringBuilder comments = new StringBuilder();
        for (String line : dropIn.lines().toList()) {
            if (line.startsWith("#")) {
                comments.append(line).append('\n');
                continue;
            }
            if (!off.contains(key(line))) {
                text.append(comments).append(line).append('\n');
            }
            comments.setLength(0);
        }
        off.forEach(
                key -> text.append("# under it the service failed: ").append(key).append("=\n"));
        return text.append(comments).toString();
    }

    private static String key(String line) {
        return line.replaceFirst("=.*", "");
    }

    /** With the reasons. */
    String text() {
        String runs = Wording.count(recording.runs().size(), "run");
        Map<String, String> comments = new LinkedHashMap<>();
        ALL.forEach(each -> comments.put(each.key, each.comment(runs, access.isPresent())));
        StringBuilder text = new StringBuilder();
        settings.forEach((key, lines) -> text.append(comments.getOrDefault(key, "")).append(lines));
        contradicted.forEach(
                key ->
                        text.append("# the files that it used speak against it: ")
                                .append(key)
                                .append("=\n"));
        return text + notes;
    }
}

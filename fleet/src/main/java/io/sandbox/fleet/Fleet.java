// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.evidence.ProgramId;
import io.sandbox.evidence.Run;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the programs of many hosts did. If the same evidence is added twice, it counts once. The
 * order does not matter. For each call there is a set of hosts, so the size grows little with the
 * number of hosts. For one thread.
 */
public final class Fleet implements Serializable {
    private static final long serialVersionUID = 1L;

    private record Source(int host, EvidenceId run) implements Serializable {}

    private final HashMap<String, Integer> numbers = new HashMap<>();
    private final ArrayList<String> names = new ArrayList<>();
    private final BitSet files = new BitSet();
    private final HashMap<ProgramId, FleetProgram> programs = new HashMap<>();
    private final HashSet<Source> known = new HashSet<>();
    private final HashMap<Integer, TreeSet<String>> losses = new HashMap<>();
    private final TreeMap<String, String> unread = new TreeMap<>();
    private final HashSet<KeptRun> kept = new HashSet<>();

    /**
     * Adds a host; it may have no evidence.
     *
     * @param isFile whether it is a file that names no host, and so counts as one
     */
    void addHost(String name, boolean isFile) {
        int host = number(name);
        if (isFile) {
            files.set(host);
        }
    }

    void addUnread(String file, String why) {
        unread.put(file, why);
    }

    private int number(String name) {
        return numbers.computeIfAbsent(
                name,
                key -> {
                    names.add(key);
                    return names.size() - 1;
                });
    }

    /** Adds what a run on a host showed, unless it was added before. */
    void add(String hostName, HostRun run) {
        int host = number(hostName);
        if (run.kept() != null) {
            kept.add(run.kept());
        }
        if (known.add(new Source(host, run.id()))) {
            for (HostRun.Program each : run.programs()) {
                program(new ProgramId(each.executable(), each.auditArch())).add(host, run, each);
            }
        }
    }

    private FleetProgram program(ProgramId key) {
        return programs.computeIfAbsent(
                key, each -> new FleetProgram(each.executable(), each.auditArch()));
    }

    /**
     * Adds all of a fleet of other evidence.
     *
     * @throws IllegalArgumentException if some evidence is in both, so that it would count twice
     */
    public Fleet addAll(Fleet other) {
        int[] here = other.names.stream().mapToInt(this::number).toArray();
        other.files.stream().forEach(file -> files.set(here[file]));
        for (Source source : other.known) {
            if (!known.add(new Source(here[source.host], source.run))) {
                throw new IllegalArgumentException(
                        "in both fleets: " + other.names.get(source.host));
            }
        }
        other.programs.forEach((key, program) -> program(key).addAll(program, here));
        other.losses.forEach((host, reasons) -> reasons.forEach(each -> addLoss(here[host], each)));
        unread.putAll(other.unread);
        kept.addAll(other.kept);
        return this;
    }

    /** Adds a reason why the evidence of a host may lack calls. */
    void addLoss(String hostName, String reason) {
        addLoss(number(hostName), reason);
    }

    private void addLoss(int host, String reason) {
        losses.computeIfAbsent(host, key -> new TreeSet<>()).add(reason);
    }

    /** Sorted by executable, then architecture. */
    public Collection<FleetProgram> programs() {
        return new TreeMap<>(programs).values();
    }

    /** The names of all hosts, sorted. */
    public List<String> hosts() {
        return names.stream().sorted().toList();
    }

    /** The names of some hosts, sorted. */
    public List<String> namesOf(BitSet some) {
        return some.stream().mapToObj(names::get).sorted().toList();
    }

    /** The hosts of which the evidence holds no call, sorted. */
    public List<String> silentHosts() {
        BitSet silent = new BitSet();
        silent.set(0, names.size());
        programs.values().forEach(program -> silent.andNot(program.hosts()));
        return namesOf(silent);
    }

    /** How many files count as hosts of their own, since nothing names their host. */
    public int filesAsHosts() {
        return files.cardinality();
    }

    /** The files that could not be read to their end, and why; what was read before counts. */
    public Map<String, String> unread() {
        return Collections.unmodifiableMap(unread);
    }

    /** All runs, if they were kept, in any order. */
    List<Run> runs() {
        return kept.stream().map(KeptRun::run).toList();
    }

    /** For each host with signs of loss, sorted by name: what they are. */
    public Map<String, Set<String>> losses() {
        Map<String, Set<String>> byName = new TreeMap<>();
        losses.forEach((host, reasons) -> byName.put(names.get(host), reasons));
        return byName;
    }
}

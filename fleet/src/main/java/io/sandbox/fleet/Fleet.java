// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.recorder.evidence.ProgramEvidence;
import io.sandbox.recorder.evidence.Run;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
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
public final class Fleet {
    private record Program(String executable, int auditArch) {}

    private record Source(int host, String run) {}

    private static final Comparator<Program> ORDER =
            Comparator.comparing(Program::executable)
                    .thenComparing(Program::auditArch, Integer::compareUnsigned);

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final Map<Program, FleetProgram> programs = new TreeMap<>(ORDER);
    private final Set<Source> known = new HashSet<>();
    private final Map<Integer, Set<String>> losses = new HashMap<>();

    /** Adds a host; it may have no evidence. */
    void addHost(String name) {
        number(name);
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
    void add(String hostName, Run run) {
        int host = number(hostName);
        if (!known.add(new Source(host, run.id()))) {
            return;
        }
        long start = run.started().toEpochMilli();
        for (ProgramEvidence each : run.programs()) {
            Program key = new Program(each.executable(), each.auditArch());
            programs.computeIfAbsent(key, p -> new FleetProgram(p.executable(), p.auditArch()))
                    .add(host, each.calls(), start, start + run.millis());
        }
    }

    /** Adds a reason why the evidence of a host may lack calls. */
    void addLoss(String hostName, String reason) {
        losses.computeIfAbsent(number(hostName), key -> new TreeSet<>()).add(reason);
    }

    /** Sorted by executable, then architecture. */
    public Collection<FleetProgram> programs() {
        return programs.values();
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

    /** For each host with signs of loss, sorted by name: what they are. */
    public Map<String, Set<String>> losses() {
        Map<String, Set<String>> byName = new TreeMap<>();
        losses.forEach((host, reasons) -> byName.put(names.get(host), reasons));
        return byName;
    }
}

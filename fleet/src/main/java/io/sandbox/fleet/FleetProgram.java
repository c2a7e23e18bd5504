// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** One executable on one architecture, and what it did on which hosts. */
public final class FleetProgram implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String executable;
    private final int auditArch;
    private final BitSet hosts = new BitSet();

    /** By build id: the hosts. */
    private final TreeMap<String, BitSet> versions = new TreeMap<>();

    private final TreeMap<Integer, FleetCall> calls = new TreeMap<>();
    private long records;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    FleetProgram(String executable, int auditArch) {
        this.executable = executable;
        this.auditArch = auditArch;
    }

    void add(int host, HostRun run, HostRun.Program evidence) {
        hosts.set(host);
        if (evidence.buildId() != null) {
            versions.computeIfAbsent(evidence.buildId(), id -> new BitSet()).set(host);
        }
        first = Math.min(first, run.start());
        last = Math.max(last, run.start() + run.millis());
        for (HostRun.Call each : evidence.calls()) {
            records += each.count();
            call(each.number()).add(host, run.start(), each);
        }
    }

    private FleetCall call(int number) {
        return calls.computeIfAbsent(number, FleetCall::new);
    }

    /** Adds the same program of another fleet, whose hosts have these numbers here. */
    void addAll(FleetProgram other, int[] here) {
        hosts.or(FleetCall.renumbered(other.hosts, here));
        other.versions.forEach(
                (buildId, there) ->
                        versions.computeIfAbsent(buildId, id -> new BitSet())
                                .or(FleetCall.renumbered(there, here)));
        records += other.records;
        first = Math.min(first, other.first);
        last = Math.max(last, other.last);
        other.calls.values().forEach(each -> call(each.number()).addAll(each, here));
    }

    /** The path; empty if the evidence does not tell it. */
    public String executable() {
        return executable;
    }

    public int auditArch() {
        return auditArch;
    }

    /** The hosts on which it made any call. */
    public BitSet hosts() {
        return (BitSet) hosts.clone();
    }

    public int hostCount() {
        return hosts.cardinality();
    }

    /** Which hosts have which build id, sorted; several if the file was changed. */
    public Map<String, BitSet> versions() {
        return Collections.unmodifiableMap(versions);
    }

    /** The hosts of which no version is known: only recordings tell it. */
    public BitSet hostsOfUnknownVersion() {
        BitSet unknown = hosts();
        versions.values().forEach(unknown::andNot);
        return unknown;
    }

    /** Its hosts on which it did not make one of its calls. */
    public BitSet hostsWithout(FleetCall call) {
        BitSet without = hosts();
        without.andNot(call.hosts());
        return without;
    }

    /** Sorted by number. */
    public Collection<FleetCall> calls() {
        return calls.values();
    }

    public long records() {
        return records;
    }

    /** When its evidence begins, in ms since the epoch, or since boot. */
    public long first() {
        return first;
    }

    /** When its evidence ends, in ms since the epoch, or since boot. */
    public long last() {
        return last;
    }
}

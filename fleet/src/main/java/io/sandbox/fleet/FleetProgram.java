// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.recorder.evidence.CallEvidence;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One executable on one architecture, and what it did on which hosts. */
public final class FleetProgram {
    private final String executable;
    private final int auditArch;
    private final BitSet hosts = new BitSet();
    private final Map<Integer, FleetCall> calls = new TreeMap<>();
    private long records;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    FleetProgram(String executable, int auditArch) {
        this.executable = executable;
        this.auditArch = auditArch;
    }

    void add(int host, List<CallEvidence> evidence, long start, long end) {
        hosts.set(host);
        first = Math.min(first, start);
        last = Math.max(last, end);
        for (CallEvidence each : evidence) {
            records += each.count();
            calls.computeIfAbsent(each.number(), FleetCall::new)
                    .add(host, each.count(), start + each.firstMillis());
        }
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

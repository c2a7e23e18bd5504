// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A call of one program, and the hosts on which it was made. */
public final class FleetCall implements Serializable {
    private static final long serialVersionUID = 1L;

    /** In the place of a condition: some evidence of the host does not show the arguments. */
    public static final String ANY = HostRun.Call.ANY;

    private final int number;
    private final BitSet hosts = new BitSet();

    /** By condition on the arguments: the hosts. */
    private final TreeMap<String, BitSet> arguments = new TreeMap<>();

    private long records;
    private long first = Long.MAX_VALUE;

    FleetCall(int number) {
        this.number = number;
    }

    void add(int host, long start, HostRun.Call call) {
        hosts.set(host);
        for (String condition : call.arguments()) {
            arguments.computeIfAbsent(condition, key -> new BitSet()).set(host);
        }
        records += call.count();
        first = Math.min(first, start + call.firstMillis());
    }

    /** {@code here}: the number here of each host there. */
    void addAll(FleetCall other, int[] here) {
        hosts.or(renumbered(other.hosts, here));
        other.arguments.forEach(
                (condition, there) ->
                        arguments
                                .computeIfAbsent(condition, key -> new BitSet())
                                .or(renumbered(there, here)));
        records += other.records;
        first = Math.min(first, other.first);
    }

    static BitSet renumbered(BitSet there, int[] here) {
        BitSet renumbered = new BitSet();
        there.stream().forEach(host -> renumbered.set(here[host]));
        return renumbered;
    }

    public int number() {
        return number;
    }

    public BitSet hosts() {
        return (BitSet) hosts.clone();
    }

    public int hostCount() {
        return hosts.cardinality();
    }

    /** For each condition that holds for arguments of it, and for {@link #ANY}: its hosts. */
    public Map<String, BitSet> arguments() {
        return Collections.unmodifiableMap(arguments);
    }

    public long records() {
        return records;
    }

    /** When it was first made on any host, in ms since the epoch, or since boot. */
    public long first() {
        return first;
    }
}

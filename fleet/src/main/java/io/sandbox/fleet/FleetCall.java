// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.io.Serializable;
import java.util.BitSet;

/** A call of one program, and the hosts on which it was made. */
public final class FleetCall implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int number;
    private final BitSet hosts = new BitSet();
    private long records;
    private long first = Long.MAX_VALUE;

    FleetCall(int number) {
        this.number = number;
    }

    void add(int host, long count, long time) {
        hosts.set(host);
        records += count;
        first = Math.min(first, time);
    }

    /** {@code here}: the number here of each host there. */
    void addAll(FleetCall other, int[] here) {
        other.hosts.stream().forEach(host -> hosts.set(here[host]));
        records += other.records;
        first = Math.min(first, other.first);
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

    public long records() {
        return records;
    }

    /** When it was first made on any host, in ms since the epoch, or since boot. */
    public long first() {
        return first;
    }
}

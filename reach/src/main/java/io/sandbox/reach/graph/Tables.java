// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.elf.Symbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The tables of pointers in the data of a file to which something leads. They are nodes too. */
final class Tables {
    /** How many pointers of a table count if nothing says how long it is. */
    private static final int SLOTS = 256;

    /** How many pointers of an object count at most. */
    private static final int MOST_SLOTS = 1024;

    /** How many tables in a row are followed. */
    private static final int DEPTH = 3;

    private final int firstNode;
    private final Map<Long, Long> sizes = new HashMap<>();

    /** Addresses of data to which something points. */
    private final TreeSet<Long> starts = new TreeSet<>();

    private final List<Table> tables = new ArrayList<>();
    private final Map<Table, Integer> nodes = new HashMap<>();

    /** A table of pointers, and how many tables lead to it, with itself. */
    record Table(long address, int depth) {}

    /**
     * @param firstNode the number of the first node that is a table
     * @param symbols of the whole file
     * @param targets the addresses to which pointers in the file lead
     */
    Tables(int firstNode, List<Symbol> symbols, Collection<Long> targets) {
        this.firstNode = firstNode;
        for (Symbol each : symbols) {
            if (each.defined() && !each.code()) {
                sizes.merge(each.address(), each.size(), Math::max);
            }
        }
        starts.addAll(sizes.keySet());
        starts.addAll(targets);
    }

    /** Whether a table is followed to which this many others lead. */
    static boolean isFollowed(int depth) {
        return depth <= DEPTH;
    }

    /** The node of a table, which is made if it is new. */
    int node(long address, int depth) {
        starts.add(address);
        return nodes.computeIfAbsent(
                new Table(address, depth),
                table -> {
                    tables.add(table);
                    return firstNode + tables.size() - 1;
                });
    }

    int count() {
        return tables.size();
    }

    Table get(int index) {
        return tables.get(index);
    }

    /** A table's end by its symbol, or the next address pointed to, or the usual number. */
    long end(long address) {
        long size = sizes.getOrDefault(address, 0L);
        if (size > 0) {
            return address + Math.min(size, MOST_SLOTS * 8);
        }
        Long next = starts.higher(address);
        long end = address + SLOTS * 8;
        return next == null ? end : Math.min(end, next);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import java.util.Arrays;

/** Collects links in any order. */
final class LinkCollector {
    private final IntList from = new IntList();
    private final IntList targets = new IntList();
    private final IntList sites = new IntList();

    void add(int node, int target, int site) {
        from.add(node);
        targets.add(target);
        sites.add(site);
    }

    int size() {
        return from.size();
    }

    /** The links by node, each once for a node and its target. */
    CodeGraph.Links sorted(int nodes) {
        int[] order = order(nodes);
        int lowest = 0;
        int highest = 0;
        for (int i = 0; i < targets.size(); i++) {
            lowest = Math.min(lowest, targets.get(i));
            highest = Math.max(highest, targets.get(i));
        }
        // For each target, the node from which the last link led there.
        int[] reached = new int[highest - lowest + 1];
        Arrays.fill(reached, -1);
        int[] starts = new int[nodes + 1];
        int[] sortedTargets = new int[order.length];
        int[] sortedSites = new int[order.length];
        int end = 0;
        int node = 0;
        for (int each : order) {
            while (node < from.get(each)) {
                starts[++node] = end;
            }
            int target = targets.get(each);
            if (reached[target - lowest] != node) {
                reached[target - lowest] = node;
                sortedTargets[end] = target;
                sortedSites[end++] = sites.get(each);
            }
        }
        Arrays.fill(starts, node + 1, nodes + 1, end);
        return new CodeGraph.Links(
                starts, Arrays.copyOf(sortedTargets, end), Arrays.copyOf(sortedSites, end));
    }

    /** The indexes of the links, by node, and in the order in which they came. */
    private int[] order(int nodes) {
        int[] next = new int[nodes + 1];
        for (int i = 0; i < from.size(); i++) {
            next[from.get(i) + 1]++;
        }
        for (int i = 0; i < nodes; i++) {
            next[i + 1] += next[i];
        }
        int[] order = new int[from.size()];
        for (int i = 0; i < order.length; i++) {
            order[next[from.get(i)]++] = i;
        }
        return order;
    }
}

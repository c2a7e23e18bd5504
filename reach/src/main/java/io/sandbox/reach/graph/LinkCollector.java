// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import java.util.HashSet;
import java.util.Set;

/** Collects links in any order, each once for a node and its target. */
final class LinkCollector {
    private final IntList from = new IntList();
    private final IntList targets = new IntList();
    private final IntList sites = new IntList();
    private final Set<Long> seen = new HashSet<>();

    void add(int node, int target, int site) {
        if (seen.add((long) node << 32 | target & 0xffffffffL)) {
            from.add(node);
            targets.add(target);
            sites.add(site);
        }
    }

    int size() {
        return from.size();
    }

    CodeGraph.Links sorted(int nodes) {
        int[] starts = new int[nodes + 1];
        for (int i = 0; i < from.size(); i++) {
            starts[from.get(i) + 1]++;
        }
        for (int i = 0; i < nodes; i++) {
            starts[i + 1] += starts[i];
        }
        int[] next = starts.clone();
        int[] sortedTargets = new int[from.size()];
        int[] sortedSites = new int[from.size()];
        for (int i = 0; i < from.size(); i++) {
            int place = next[from.get(i)]++;
            sortedTargets[place] = targets.get(i);
            sortedSites[place] = sites.get(i);
        }
        return new CodeGraph.Links(starts, sortedTargets, sortedSites);
    }
}

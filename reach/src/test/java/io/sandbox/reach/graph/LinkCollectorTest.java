// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class LinkCollectorTest {
    private static void assertLinks(
            LinkCollector links, int nodes, int[] starts, int[] targets, int[] sites) {
        CodeGraph.Links sorted = links.sorted(nodes);
        assertArrayEquals(starts, sorted.starts());
        assertArrayEquals(targets, sorted.targets());
        assertArrayEquals(sites, sorted.sites());
    }

    @Test
    void sorted_isByNode_andHasEachTargetOnce() {
        LinkCollector links = new LinkCollector();
        links.add(2, -3, 10);
        links.add(0, 5, 11);
        links.add(2, 1, 12);
        links.add(2, -3, 13);
        links.add(0, 5, 14);
        links.add(0, -3, 15);
        assertLinks(
                links,
                4,
                new int[] {0, 2, 2, 4, 4},
                new int[] {5, -3, -3, 1},
                new int[] {11, 15, 10, 12});
    }

    @Test
    void sorted_ofNone_isEmpty() {
        assertLinks(new LinkCollector(), 2, new int[3], new int[0], new int[0]);
        assertLinks(new LinkCollector(), 0, new int[1], new int[0], new int[0]);
    }
}

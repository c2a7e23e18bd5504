// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.reach.code.Demangler;
import io.sandbox.reach.graph.CodeGraph;
import io.sandbox.reach.link.LoadedFile;
import io.sandbox.reach.link.LoadedProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All nodes that can be reached from some, each on a shortest path. */
final class Search {
    private static final int UNSEEN = -2;
    private static final int ROOT = -1;

    private final LoadedProgram loaded;
    private final LoadedProgram.Scope scope;

    /** For each node, the one that leads to it. */
    private final int[] from;

    /** For each node, the index of the link by which it was reached. */
    private final int[] link;

    private final Map<Integer, Place> numbers = new TreeMap<>();
    private final List<Place> computed = new ArrayList<>();

    /** Where a call is made: a node, and the index of its link. */
    record Place(LoadedFile file, int node, int link) {
        long key() {
            return (long) node << 32 | link;
        }
    }

    /**
     * @param scope where names are looked for
     * @param without a node that is treated as missing; -1 for none
     */
    Search(LoadedProgram loaded, LoadedProgram.Scope scope, List<Integer> roots, int without) {
        this.loaded = loaded;
        this.scope = scope;
        from = new int[loaded.nodes()];
        link = new int[loaded.nodes()];
        Arrays.fill(from, UNSEEN);
        int[] queue = new int[loaded.nodes()];
        int end = 0;
        for (int root : roots) {
            if (from[root] == UNSEEN) {
                from[root] = ROOT;
                queue[end++] = root;
            }
        }
        // For each import of a file, the node to which it is bound.
        Map<LoadedFile, int[]> bindings = new IdentityHashMap<>();
        LoadedFile file = null;
        CodeGraph.Links edges = null;
        int[] bound = null;
        for (int next = 0; next < end; next++) {
            int node = queue[next];
            if (file == null || node < file.firstNode() || node >= file.end()) {
                file = loaded.fileOf(node);
                edges = file.graph().edges();
                bound = bindings.computeIfAbsent(file, Search::unbound);
            }
            int local = node - file.firstNode();
            collectCalls(file, node, local);
            for (int i = edges.starts()[local]; i < edges.starts()[local + 1]; i++) {
                int target = target(file, bound, edges.targets()[i]);
                if (target >= 0 && target != without && from[target] == UNSEEN) {
                    from[target] = node;
                    link[target] = i;
                    queue[end++] = target;
                }
            }
        }
    }

    private int target(LoadedFile file, int[] bound, int target) {
        if (target >= 0) {
            return file.firstNode() + target;
        }
        int index = -1 - target;
        if (bound[index] == UNSEEN) {
            bound[index] = scope.bind(file.graph().imports().get(index));
        }
        return bound[index];
    }

    private static int[] unbound(LoadedFile file) {
        int[] bound = new int[file.graph().imports().size()];
        Arrays.fill(bound, UNSEEN);
        return bound;
    }

    private void collectCalls(LoadedFile file, int node, int local) {
        CodeGraph.Links calls = file.graph().calls();
        for (int i = calls.starts()[local]; i < calls.starts()[local + 1]; i++) {
            Place place = new Place(file, node, i);
            if (calls.targets()[i] >= 0) {
                numbers.putIfAbsent(calls.targets()[i], place);
            } else {
                computed.add(place);
            }
        }
    }

    /** Each number of a call, with the place that is reached first. */
    Map<Integer, Place> numbers() {
        return numbers;
    }

    /** The calls whose number is not known. */
    List<Place> computed() {
        return computed;
    }

    boolean reaches(String name) {
        int node = scope.bind(name);
        return node >= 0 && from[node] != UNSEEN;
    }

    /** Where the instruction is that makes the call. */
    Step place(Place place) {
        CodeGraph graph = place.file().graph();
        return step(place.node(), graph.calls().sites()[place.link()], Optional.empty());
    }

    List<Step> path(Place place) {
        List<Step> steps = pathTo(place.node());
        steps.add(place(place));
        return steps;
    }

    /** The steps that lead to a node that is reached. */
    List<Step> pathTo(int last) {
        List<Step> steps = new ArrayList<>();
        for (int node = last; from[node] != ROOT; node = from[node]) {
            LoadedFile file = loaded.fileOf(from[node]);
            CodeGraph.Links edges = file.graph().edges();
            int target = edges.targets()[link[node]];
            boolean own = target >= 0;
            Optional<String> imported =
                    own ? Optional.empty() : Optional.of(file.graph().imports().get(-1 - target));
            steps.add(step(from[node], edges.sites()[link[node]], imported));
        }
        Collections.reverse(steps);
        return steps;
    }

    private Step step(int node, int site, Optional<String> imported) {
        LoadedFile file = loaded.fileOf(node);
        int local = node - file.firstNode();
        return new Step(
                file.path(),
                file.graph().name(local).map(Demangler::readable),
                !file.graph().isCode(local),
                file.graph().addresses()[local],
                file.graph().addresses()[local] + site,
                imported.map(Demangler::readable));
    }
}

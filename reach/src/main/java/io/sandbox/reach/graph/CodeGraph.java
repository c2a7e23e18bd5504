// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.elf.Machine;
import java.util.List;
import java.util.Optional;

/**
 * What one file's code refers to. A node is a function, or a table of pointers in its data. The
 * arrays have a fixed form for speed, and must not be changed.
 *
 * @param traits what must be known of the file as a whole
 * @param codeNodes how many nodes are functions; these are first
 * @param addresses of each node
 * @param names of the nodes that have one
 * @param edges from node n: those from {@code starts[n]} to {@code starts[n + 1]}
 * @param calls from node n: those from {@code starts[n]} to {@code starts[n + 1]}; a target is a
 *     system call's number, or {@link #COMPUTED}
 * @param imports the names of what other files define
 * @param exports the nodes that other files can bind to, by name
 * @param stubs the nodes of linkage tables, through which functions call imports
 * @param initial what runs when the file is loaded or unloaded: a node, or {@code -1 - i} for the
 *     import i
 * @param entry the node of the first instruction; -1 if there is none
 */
public record CodeGraph(
        Traits traits,
        int codeNodes,
        long[] addresses,
        NodeNames names,
        Links edges,
        Links calls,
        List<String> imports,
        NodeNames exports,
        int[] stubs,
        int[] initial,
        int entry) {
    /** Stands for a number that the code computes. */
    public static final int COMPUTED = -1;

    /** Stands for a system call by the numbers of another architecture (int 0x80). */
    public static final int FOREIGN = -2;

    /**
     * What must be known of a file to load it.
     *
     * @param runtime the runtime of a language that was linked into it; empty if there is none
     * @param main the node of the program's own first function; -1 if it has no name
     */
    public record Traits(
            Machine machine,
            Optional<String> interpreter,
            Optional<String> soname,
            List<String> needed,
            Optional<String> rpath,
            Optional<String> runpath,
            String runtime,
            int main) {}

    /**
     * Links of nodes, sorted by the node where they begin.
     *
     * @param starts for each node, the index of its first link; then the number of all
     * @param targets a node, or {@code -1 - i} for the import i
     * @param sites where the instruction is, from the beginning of the node
     */
    public record Links(int[] starts, int[] targets, int[] sites) {}

    public int nodes() {
        return addresses.length;
    }

    public Optional<String> name(int node) {
        return names.nameOf(node);
    }

    /** The node that other files bind to by this name; -1 if there is none. */
    public int export(String name) {
        return exports.find(name);
    }

    /** All nodes that other files can bind to. */
    public int[] exported() {
        return exports.nodes();
    }

    public boolean isCode(int node) {
        return node < codeNodes;
    }
}

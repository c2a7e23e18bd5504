// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.code.CodeReading;
import io.sandbox.reach.code.Location;
import io.sandbox.reach.code.NumberTrace;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A file's system call numbers. Callers are asked for one that is an argument. */
final class CallNumbers {
    private final Pieces pieces;
    private final CodeReading reading;
    private final LinkCollector calls = new LinkCollector();

    /** For each function, the index of its last caller; -1 if there is none. */
    private final int[] lastCaller;

    private final IntList callerBefore = new IntList();
    private final IntList callerNodes = new IntList();

    /** Where the callers call; the complement for those that jump. */
    private final IntList callerSites = new IntList();

    /** Functions whose address is in some table, or was taken: they can have unknown callers. */
    private final BitSet pointedTo = new BitSet();

    private final Deque<Question> open = new ArrayDeque<>();
    private final Set<Question> asked = new HashSet<>();

    /** Asks for the number of a system call, which is at this place before this instruction. */
    private record Question(int node, long site, Location place) {}

    CallNumbers(Pieces pieces, CodeReading reading) {
        this.pieces = pieces;
        this.reading = reading;
        lastCaller = new int[pieces.count()];
        Arrays.fill(lastCaller, -1);
    }

    /** An instruction makes a system call, whose number is at a place before it. */
    void ask(int node, long site, Location place) {
        Question question = new Question(node, site, place);
        if (asked.add(question)) {
            open.add(question);
        }
    }

    /** Adds a call that is known: a number, or what CodeGraph has instead. */
    void add(int node, int offset, int number) {
        calls.add(node, number, offset);
    }

    void addCaller(int function, int node, long site, boolean call) {
        int offset = (int) (site - pieces.start(node));
        callerBefore.add(lastCaller[function]);
        callerNodes.add(node);
        callerSites.add(call ? offset : ~offset);
        lastCaller[function] = callerBefore.size() - 1;
    }

    void addPointer(int function) {
        pointedTo.set(function);
    }

    /**
     * Answers all questions.
     *
     * @param byNumber syscall(2), whose callers are in other files too; -1 if the file has none
     */
    void answer(int byNumber) {
        Map<Integer, NumberTrace> traces = new HashMap<>();
        while (!open.isEmpty()) {
            Question question = open.poll();
            int node = question.node();
            NumberTrace.Found found =
                    traces.computeIfAbsent(node, n -> reading.trace(pieces.start(n), pieces.end(n)))
                            .before(question.site(), question.place());
            int offset = (int) (question.site() - pieces.start(node));
            for (long number : found.constants()) {
                add(node, offset, (int) number);
            }
            boolean computed = found.computed();
            for (Location argument : found.arguments()) {
                askCallers(node, argument);
                computed |= byNumber != node && (lastCaller[node] < 0 || pointedTo.get(node));
            }
            if (computed) {
                add(node, offset, CodeGraph.COMPUTED);
            }
        }
    }

    private void askCallers(int function, Location argument) {
        for (int i = lastCaller[function]; i >= 0; i = callerBefore.get(i)) {
            int node = callerNodes.get(i);
            int site = callerSites.get(i);
            boolean call = site >= 0;
            Location place = reading.set().atCaller(argument, call);
            ask(node, pieces.start(node) + (call ? site : ~site), place);
        }
    }

    CodeGraph.Links sorted(int nodes) {
        return calls.sorted(nodes);
    }
}

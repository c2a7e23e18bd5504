// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Finds a place's values before an instruction, back on every way through the function. */
public final class NumberTrace {
    /** More steps than any wrapper of a system call takes. */
    private static final int MOST_STEPS = 20_000;

    private final InstructionSet set;
    private final List<Instruction> function;
    private final Map<Long, Integer> indexes = new HashMap<>();
    private final Map<Integer, List<Integer>> jumpsTo = new HashMap<>();

    /**
     * What was found.
     *
     * @param arguments where the callers of the function put the value
     * @param computed whether there is a way on which the value is not known
     */
    public record Found(Set<Long> constants, Set<Location> arguments, boolean computed) {}

    private record State(int index, Location location) {}

    /**
     * @param start the first address of the function
     * @param end the address after it
     */
    public NumberTrace(Capstone code, InstructionSet set, long start, long end) {
        this(code.instructions(start, end), set);
    }

    NumberTrace(List<Instruction> function, InstructionSet set) {
        this.set = set;
        this.function = function;
        for (int i = 0; i < function.size(); i++) {
            indexes.put(function.get(i).address(), i);
            indexes.put(function.get(i).end(), i + 1);
        }
        for (int i = 0; i < function.size(); i++) {
            OptionalLong target = set.jumpTarget(function.get(i));
            Integer index = target.isPresent() ? indexes.get(target.getAsLong()) : null;
            if (index != null) {
                jumpsTo.computeIfAbsent(index, key -> new ArrayList<>()).add(i);
            }
        }
    }

    /** The values of the place just before an instruction, or after the last. */
    public Found before(long address, Location location) {
        Set<Long> constants = new TreeSet<>();
        Set<Location> arguments = new HashSet<>();
        boolean computed = false;
        Integer start = indexes.get(address);
        if (start == null) {
            return new Found(constants, arguments, true);
        }
        Deque<State> open = new ArrayDeque<>();
        Set<State> seen = new HashSet<>();
        open.add(new State(start, location));
        while (!open.isEmpty()) {
            State state = open.poll();
            if (!seen.add(state)) {
                continue;
            }
            if (seen.size() > MOST_STEPS) {
                return new Found(constants, arguments, true);
            }
            if (state.index() == 0) {
                if (set.canBeArgument(state.location())) {
                    arguments.add(state.location());
                } else {
                    computed = true;
                }
            }
            List<Integer> previous = previous(state.index());
            // Nothing jumps here by a fixed address: perhaps a table does.
            computed |= previous.isEmpty() && state.index() != 0;
            for (int each : previous) {
                Source source = set.before(function.get(each), state.location());
                if (source instanceof Source.Moved moved) {
                    moved.from().forEach(from -> open.add(new State(each, from)));
                } else if (source instanceof Source.Constant constant) {
                    constants.add(constant.value());
                } else if (source instanceof Source.Computed || previous.size() == 1) {
                    computed = true;
                }
                // Otherwise a call is before a place to which others jump: it does not return.
            }
        }
        return new Found(
                constants, arguments, computed || constants.isEmpty() && arguments.isEmpty());
    }

    private List<Integer> previous(int index) {
        List<Integer> previous = new ArrayList<>(jumpsTo.getOrDefault(index, List.of()));
        if (index > 0 && !set.ends(function.get(index - 1).mnemonic())) {
            previous.add(index - 1);
        }
        return previous;
    }
}

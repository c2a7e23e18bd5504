// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.code.Capstone;
import io.sandbox.reach.code.CodeReading;
import io.sandbox.reach.code.References;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.FunctionStarts;
import io.sandbox.reach.elf.GoFunctions;
import io.sandbox.reach.elf.Relocations;
import io.sandbox.reach.elf.Segment;
import io.sandbox.reach.elf.Symbol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The code of a file in pieces: its functions, as far as it says where they begin. What is between
 * them is a piece too. Where a file says nothing (hand-written code, stripped files of musl), a
 * function begins wherever a call leads, and wherever a pointer points.
 */
final class Pieces {
    /** A file with more known functions than this tells where all of them begin. */
    private static final int MANY = 1000;

    private final long[] starts;
    private final long[] ends;

    private Pieces(TreeMap<Long, Long> pieces) {
        starts = new long[pieces.size()];
        ends = new long[pieces.size()];
        int i = 0;
        for (Map.Entry<Long, Long> each : pieces.entrySet()) {
            starts[i] = each.getKey();
            ends[i++] = each.getValue();
        }
    }

    static Pieces of(ElfFile file, List<Symbol> symbols, Relocations relocations, Capstone code) {
        TreeMap<Long, Long> known = FunctionStarts.of(file);
        TreeSet<Long> bounds = new TreeSet<>(known.keySet());
        bounds.addAll(known.values());
        for (Symbol symbol : symbols) {
            if (symbol.defined() && symbol.code() && !isInside(known, symbol.address())) {
                bounds.add(symbol.address());
            }
        }
        GoFunctions.of(file).keySet().forEach(bounds::add);
        bounds.add(file.entry());
        for (Segment segment : file.segments()) {
            if (segment.executable()) {
                addTargets(file, segment, relocations, known, bounds, code);
            }
        }
        TreeMap<Long, Long> pieces = new TreeMap<>();
        for (Segment segment : file.segments()) {
            long end = segment.address() + segment.fileSize();
            if (segment.executable() && segment.fileSize() > 0) {
                long start = segment.address();
                for (long bound : bounds.subSet(segment.address(), false, end, false)) {
                    pieces.put(start, bound);
                    start = bound;
                }
                pieces.put(start, end);
            }
        }
        return new Pieces(pieces);
    }

    /** Whether a place is within a function, and not at its beginning: another entry to it. */
    private static boolean isInside(TreeMap<Long, Long> known, long address) {
        Map.Entry<Long, Long> before = known.lowerEntry(address);
        return before != null && address < before.getValue();
    }

    /** If few functions of a segment are known, adds what is called and what is pointed to. */
    private static void addTargets(
            ElfFile file,
            Segment segment,
            Relocations relocations,
            TreeMap<Long, Long> known,
            TreeSet<Long> bounds,
            Capstone code) {
        long end = segment.address() + segment.fileSize();
        long covered =
                known.subMap(segment.address(), end).entrySet().stream()
                        .mapToLong(each -> each.getValue() - each.getKey())
                        .sum();
        boolean enough = covered * 2 > segment.fileSize();
        if (enough || bounds.subSet(segment.address(), end).size() > MANY) {
            return;
        }
        Consumer<Long> add =
                target -> {
                    if (file.isCode(target) && !isInside(known, target)) {
                        bounds.add(target);
                    }
                };
        relocations.localTargets().forEach(add);
        CodeReading.of(file, code)
                .read(
                        segment.address(),
                        end,
                        new References() {
                            @Override
                            public void branch(long site, long target, boolean call) {
                                if (call) {
                                    add.accept(target);
                                }
                            }

                            @Override
                            public void address(long site, long address) {
                                add.accept(address);
                            }
                        });
    }

    int count() {
        return starts.length;
    }

    long start(int piece) {
        return starts[piece];
    }

    long end(int piece) {
        return ends[piece];
    }

    long[] starts() {
        return starts.clone();
    }

    /** The piece that has the address; -1 if none has. */
    int find(long address) {
        int found = Arrays.binarySearch(starts, address);
        int piece = found >= 0 ? found : -found - 2;
        return piece >= 0 && address < ends[piece] ? piece : -1;
    }
}

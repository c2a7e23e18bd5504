// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.code.Capstone;
import io.sandbox.reach.code.CodeReading;
import io.sandbox.reach.code.References;
import io.sandbox.reach.elf.DynamicSection;
import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.Relocations;
import io.sandbox.reach.elf.Segment;
import io.sandbox.reach.elf.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Makes the graph of a file. Every function is read once, from its first to its last byte. */
public final class GraphBuilder {
    /** No real file has more code. It would take minutes, and more memory than there is. */
    private static final long MOST_CODE = 512L << 20;

    /** syscall(2), whose number is its first argument. */
    private static final String CALL_BY_NUMBER = "syscall";

    /** Functions that look up others by name (dlsym(3)). */
    private static final Set<String> LOOK_UP = Set.of("dlsym", "dlvsym");

    private final ElfFile file;
    private final DynamicSection dynamic;
    private final List<Symbol> symbols;
    private final Relocations relocations;
    private final Pieces pieces;
    private final CodeReading reading;
    private final NamedFunctions named;
    private final boolean looksUp;

    private final LinkCollector edges = new LinkCollector();
    private final CallNumbers numbers;
    private final IntList stubs = new IntList();
    private final Map<String, Integer> imports = new LinkedHashMap<>();
    private final Tables tables;

    private GraphBuilder(ElfFile file, Capstone code) {
        this.file = file;
        dynamic = DynamicSection.of(file);
        symbols = dynamic.symbols();
        relocations = Relocations.of(file, dynamic, symbols);
        List<Symbol> all = new ArrayList<>(symbols);
        all.addAll(file.localSymbols());
        pieces = Pieces.of(file, all, relocations, code);
        reading = CodeReading.of(file, code);
        named = new NamedFunctions(file, all, pieces);
        looksUp =
                symbols.stream().anyMatch(each -> !each.defined() && LOOK_UP.contains(each.name()));
        numbers = new CallNumbers(pieces, reading);
        tables = new Tables(pieces.count(), all, relocations.relocated());
    }

    /** Throws {@link ElfException} if the file is damaged, or too large. */
    public static CodeGraph build(ElfFile file) {
        long size =
                file.segments().stream()
                        .filter(Segment::executable)
                        .mapToLong(Segment::fileSize)
                        .sum();
        if (size > MOST_CODE) {
            throw new ElfException("too large: it has " + (size >> 20) + " MB of code");
        }
        if (size == 0) {
            throw new ElfException("it has no code");
        }
        try (Capstone code = new Capstone(file)) {
            return new GraphBuilder(file, code).graph();
        }
    }

    private CodeGraph graph() {
        for (int node = 0; node < pieces.count(); node++) {
            readFunction(node);
        }
        Map<String, Integer> exports = exports();
        int[] initial = initial();
        // Reading a table can find another, so their number grows.
        for (int i = 0; i < tables.count(); i++) {
            readTable(pieces.count() + i, tables.get(i));
        }
        numbers.answer(exports.getOrDefault(CALL_BY_NUMBER, -1));
        named.addBroadcastCalls(numbers);
        int nodes = pieces.count() + tables.count();
        long[] addresses = new long[nodes];
        System.arraycopy(pieces.starts(), 0, addresses, 0, pieces.count());
        for (int i = 0; i < tables.count(); i++) {
            addresses[pieces.count() + i] = tables.get(i).address();
        }
        return new CodeGraph(
                new CodeGraph.Traits(
                        file.machine(),
                        file.interpreter(),
                        dynamic.soname(),
                        dynamic.needed(),
                        dynamic.rpath(),
                        dynamic.runpath(),
                        named.runtime(),
                        named.main()),
                pieces.count(),
                addresses,
                named.names(),
                edges.sorted(nodes),
                numbers.sorted(nodes),
                List.copyOf(imports.keySet()),
                NodeNames.byName(exports),
                stubs.toArray(),
                initial,
                pieces.find(file.entry()));
    }

    /** What runs at the start and at the end. A library may export such functions. */
    private int[] initial() {
        IntList initial = new IntList();
        List<Long> functions = new ArrayList<>(dynamic.initAndFini());
        for (long slot : dynamic.initAndFiniSlots()) {
            int symbol = relocations.symbol(slot);
            if (symbol >= 0) {
                initial.add(importOf(name(symbol)));
            } else {
                functions.add(relocations.local(slot));
            }
        }
        for (long address : functions) {
            int node = pieces.find(address);
            if (node >= 0) {
                initial.add(node);
            }
        }
        return initial.toArray();
    }

    private void readFunction(int node) {
        long start = pieces.start(node);
        int known = edges.size();
        FunctionReferences references = new FunctionReferences(node);
        boolean flowsOn = reading.read(start, pieces.end(node), references);
        if (references.stubs > 0 && references.stubs == edges.size() - known) {
            stubs.add(node);
        } else {
            // A jump at the end of a function can look like a stub.
            for (long site : references.stubsOfSyscall) {
                numbers.ask(node, site, reading.set().firstArgument());
            }
        }
        if (flowsOn && node + 1 < pieces.count() && pieces.start(node + 1) == pieces.end(node)) {
            branchTo(node, pieces.end(node), pieces.end(node), false);
        }
    }

    private final class FunctionReferences implements References {
        private final int node;
        private final List<Long> stubsOfSyscall = new ArrayList<>();
        private int stubs;

        FunctionReferences(int node) {
            this.node = node;
        }

        @Override
        public void branch(long site, long target, boolean call) {
            branchTo(node, site, target, call);
        }

        @Override
        public void branchThrough(long site, long slot, boolean call, boolean continued) {
            int symbol = relocations.symbol(slot);
            if (symbol < 0 || continued || !reading.set().isStub(file, site)) {
                followSlot(node, site, slot, call);
                return;
            }
            stubs++;
            edges.add(node, importOf(name(symbol)), offset(node, site));
            if (name(symbol).equals(CALL_BY_NUMBER)) {
                stubsOfSyscall.add(site);
            }
        }

        @Override
        public void access(long site, long address) {
            int symbol = relocations.symbol(address);
            if (symbol >= 0) {
                addImport(node, site, symbol, false);
            } else {
                long target = relocations.local(address);
                if (target != 0) {
                    pointTo(node, site, target, 1);
                }
            }
        }

        @Override
        public void address(long site, long address) {
            pointTo(node, site, address, 1);
        }

        @Override
        public void systemCall(long site) {
            numbers.ask(node, site, reading.set().systemCallNumber());
        }

        @Override
        public void foreignCall(long site) {
            numbers.add(node, offset(node, site), CodeGraph.FOREIGN);
        }
    }

    private int offset(int node, long site) {
        boolean isCode = node < pieces.count();
        long start = isCode ? pieces.start(node) : tables.get(node - pieces.count()).address();
        return (int) (site - start);
    }

    private void branchTo(int node, long site, long target, boolean call) {
        if (target >= pieces.start(node) && target < pieces.end(node)) {
            return;
        }
        OptionalLong slot = reading.set().stubSlot(file, target);
        long at = slot.orElse(0);
        if (slot.isPresent() && (relocations.symbol(at) >= 0 || relocations.local(at) != 0)) {
            followSlot(node, site, at, call);
        } else {
            addCall(node, site, target, call);
        }
    }

    private void addCall(int node, long site, long target, boolean call) {
        int callee = pieces.find(target);
        if (callee >= 0) {
            edges.add(node, callee, offset(node, site));
            numbers.addCaller(callee, node, site, call);
        }
    }

    private void followSlot(int node, long site, long slot, boolean call) {
        int symbol = relocations.symbol(slot);
        if (symbol >= 0) {
            addImport(node, site, symbol, true);
        } else {
            addCall(node, site, relocations.local(slot), call);
        }
    }

    private void addImport(int node, long site, int symbol, boolean branch) {
        if (!branch) {
            addPointer(node, offset(node, site), name(symbol));
            return;
        }
        edges.add(node, importOf(name(symbol)), offset(node, site));
        if (name(symbol).equals(CALL_BY_NUMBER)) {
            numbers.ask(node, site, reading.set().firstArgument());
        }
    }

    /** Adds a pointer to what any file defines under a name: who calls it is not known. */
    private void addPointer(int node, int offset, String name) {
        edges.add(node, importOf(name), offset);
        if (name.equals(CALL_BY_NUMBER)) {
            numbers.add(node, offset, CodeGraph.COMPUTED);
        }
    }

    /** The target of a link to what any file defines under a name. */
    private int importOf(String name) {
        return -1 - imports.computeIfAbsent(name, key -> imports.size());
    }

    private String name(int symbol) {
        return symbols.get(symbol).name();
    }

    private void pointTo(int node, long site, long target, int depth) {
        int offset = offset(node, site);
        if (looksUp) {
            file.identifier(target).ifPresent(name -> addPointer(node, offset, name));
        }
        int copied = relocations.copied(target);
        int function = pieces.find(target);
        if (copied >= 0) {
            addPointer(node, offset, name(copied));
        } else if (function >= 0) {
            OptionalLong slot = reading.set().stubSlot(file, target);
            if (slot.isPresent() && relocations.symbol(slot.getAsLong()) >= 0) {
                addPointer(node, offset, name(relocations.symbol(slot.getAsLong())));
                return;
            }
            // In code, data looks like an address only by chance; a pointer is to a beginning.
            if (function != node) {
                edges.add(node, function, offset);
                numbers.addPointer(function);
            }
        } else if (file.isData(target) && Tables.isFollowed(depth)) {
            edges.add(node, tables.node(target, depth), offset);
        }
    }

    private void readTable(int node, Tables.Table table) {
        long first = (table.address() + 7) / 8 * 8;
        long end = tables.end(table.address());
        for (long slot = first; slot < end; slot += 8) {
            int symbol = relocations.symbol(slot);
            if (symbol >= 0) {
                addPointer(node, (int) (slot - table.address()), name(symbol));
            } else {
                long target = relocations.local(slot);
                if (target != 0 && isPointer(target)) {
                    pointTo(node, slot, target, table.depth() + 1);
                }
            }
        }
    }

    /** A word of a file with fixed addresses is a pointer to code if a function begins there. */
    private boolean isPointer(long target) {
        int piece = pieces.find(target);
        return !file.hasFixedAddress() || piece < 0 || pieces.start(piece) == target;
    }

    /** What other files can bind to. A copied object is the one of the file that defines it. */
    private Map<String, Integer> exports() {
        Map<String, Integer> exports = new HashMap<>();
        for (Symbol symbol : symbols) {
            if (symbol.defined() && symbol.exported() && relocations.copied(symbol.address()) < 0) {
                int node =
                        symbol.code() || file.isCode(symbol.address())
                                ? pieces.find(symbol.address())
                                : tables.node(symbol.address(), 1);
                Integer other = node < 0 ? null : exports.putIfAbsent(symbol.name(), node);
                if (other != null && other != node) {
                    // Two versions of a symbol: programs can bind to either.
                    edges.add(other, node, 0);
                }
            }
        }
        return exports;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.code.Capstone;
import io.sandbox.reach.code.CodeReading;
import io.sandbox.reach.code.Location;
import io.sandbox.reach.code.NumberTrace;
import io.sandbox.reach.code.References;
import io.sandbox.reach.elf.DynamicSection;
import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.GoFunctions;
import io.sandbox.reach.elf.Relocations;
import io.sandbox.reach.elf.Segment;
import io.sandbox.reach.elf.Symbol;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the graph of a file. Every function is read once, from its first to its last byte. Where
 * the number of a system call is an argument, callers are asked for it.
 */
public final class GraphBuilder {
    /** More code than this would take longer than a minute. */
    private static final long MOST_CODE = 256L << 20;

    /** How many pointers of a table count if nothing says how long it is. */
    private static final int SLOTS = 24;

    /** How many pointers of an object count at most. */
    private static final int MOST_SLOTS = 1024;

    /** How many tables in a row are followed. */
    private static final int DEPTH = 3;

    /** syscall(2), whose number is its first argument. */
    private static final String CALL_BY_NUMBER = "syscall";

    private static final String START_OF_LIBC = "__libc_start_main";

    /**
     * Functions of C libraries that have all threads make a call, and this call. The number goes
     * through memory, so its trace would end there (nptl/nptl_setxid.c of glibc,
     * src/unistd/setxid.c of musl).
     */
    private static final Map<String, String> BROADCAST =
            Map.of(
                    "setuid", "setuid",
                    "setgid", "setgid",
                    "seteuid", "setresuid",
                    "setegid", "setresgid",
                    "setreuid", "setreuid",
                    "setregid", "setregid",
                    "setresuid", "setresuid",
                    "setresgid", "setresgid",
                    "setgroups", "setgroups");

    private final ElfFile file;
    private final DynamicSection dynamic;
    private final List<Symbol> symbols;
    private final Relocations relocations;
    private final Pieces pieces;
    private final CodeReading reading;
    private final Map<Long, Long> objectSizes = new HashMap<>();

    /** Addresses of data to which something points. */
    private final TreeSet<Long> objectStarts = new TreeSet<>();

    private final LinkCollector edges = new LinkCollector();
    private final LinkCollector calls = new LinkCollector();
    private final IntList stubs = new IntList();
    private final Map<String, Integer> imports = new LinkedHashMap<>();
    private final List<Table> tables = new ArrayList<>();
    private final Map<Table, Integer> tableNodes = new HashMap<>();

    /** Who calls or jumps to a function, for those that get a number as an argument. */
    private final Map<Integer, List<Site>> callers = new HashMap<>();

    /** Functions whose address is in some table, or was taken: they can have unknown callers. */
    private final Set<Integer> pointedTo = new HashSet<>();

    private final Deque<Question> questions = new ArrayDeque<>();
    private final Set<Question> asked = new HashSet<>();

    /** A table of pointers, and how many tables lead to it. */
    private record Table(long address, int depth) {}

    private record Site(int node, long address, boolean call) {}

    /** Asks for the number of a system call, which is at this place before this instruction. */
    private record Question(int node, long site, Location place) {}

    private GraphBuilder(ElfFile file, Capstone code) {
        this.file = file;
        dynamic = DynamicSection.of(file);
        symbols = dynamic.symbols();
        relocations = Relocations.of(file, dynamic, symbols);
        List<Symbol> all = allSymbols();
        for (Symbol each : all) {
            if (each.defined() && !each.code()) {
                objectSizes.merge(each.address(), each.size(), Math::max);
            }
        }
        objectStarts.addAll(objectSizes.keySet());
        for (long target : relocations.relocated()) {
            objectStarts.add(target);
        }
        pieces = Pieces.of(file, all, relocations, code);
        reading = CodeReading.of(file, code);
    }

    /**
     * @throws ElfException if the file is damaged, or too large
     */
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
        IntList initial = new IntList();
        dynamic.initAndFini().forEach(address -> addNode(initial, pieces.find(address)));
        for (long slot : dynamic.initAndFiniSlots()) {
            addNode(initial, pieces.find(relocations.local(slot)));
        }
        // Reading a table can find another, so the list grows.
        for (int i = 0; i < tables.size(); i++) {
            readTable(pieces.count() + i, tables.get(i));
        }
        answerQuestions(exports);
        int nodes = pieces.count() + tables.size();
        long[] addresses = new long[nodes];
        System.arraycopy(pieces.starts(), 0, addresses, 0, pieces.count());
        for (int i = 0; i < tables.size(); i++) {
            addresses[pieces.count() + i] = tables.get(i).address();
        }
        Map<Integer, String> names = names();
        addBroadcastCalls();
        return new CodeGraph(
                traits(names),
                pieces.count(),
                addresses,
                NodeNames.byNode(names),
                edges.sorted(nodes),
                calls.sorted(nodes),
                List.copyOf(imports.keySet()),
                NodeNames.byName(exports),
                stubs.toArray(),
                initial.toArray(),
                pieces.find(file.entry()));
    }

    private static void addNode(IntList list, int node) {
        if (node >= 0) {
            list.add(node);
        }
    }

    private void readFunction(int node) {
        long start = pieces.start(node);
        int known = edges.size();
        FunctionReferences references = new FunctionReferences(node);
        boolean flowsOn = reading.read(start, pieces.end(node), references);
        if (references.stubs > 0 && references.stubs == edges.size() - known) {
            stubs.add(node);
        }
        if (flowsOn && node + 1 < pieces.count() && pieces.start(node + 1) == pieces.end(node)) {
            branchTo(node, pieces.end(node), pieces.end(node), false);
        }
    }

    /** What one function refers to. */
    private final class FunctionReferences implements References {
        private final int node;
        private int stubs;

        FunctionReferences(int node) {
            this.node = node;
        }

        @Override
        public void branch(long site, long target, boolean call) {
            branchTo(node, site, target, call);
        }

        @Override
        public void branchThrough(long site, long slot, boolean call) {
            if (relocations.symbol(slot) >= 0 && reading.set().isStub(file, site)) {
                stubs++;
            }
            followSlot(node, site, slot, call);
        }

        @Override
        public void access(long site, long address) {
            int symbol = relocations.symbol(address);
            if (symbol >= 0) {
                addImport(node, site, symbols.get(symbol).name(), false);
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
            ask(new Question(node, site, reading.set().systemCallNumber()));
        }

        @Override
        public void foreignCall(long site) {
            calls.add(node, CodeGraph.FOREIGN, offset(node, site));
        }
    }

    private int offset(int node, long site) {
        return (int) (site - pieces.start(node));
    }

    private void branchTo(int node, long site, long target, boolean call) {
        if (target >= pieces.start(node) && target < pieces.end(node)) {
            return;
        }
        OptionalLong slot = reading.set().stubSlot(file, target);
        if (slot.isPresent() && isLinked(slot.getAsLong())) {
            followSlot(node, site, slot.getAsLong(), call);
            return;
        }
        int callee = pieces.find(target);
        if (callee >= 0) {
            addCall(node, site, callee, call);
        }
    }

    private boolean isLinked(long slot) {
        return relocations.symbol(slot) >= 0 || relocations.local(slot) != 0;
    }

    private void addCall(int node, long site, int callee, boolean call) {
        edges.add(node, callee, offset(node, site));
        callers.computeIfAbsent(callee, key -> new ArrayList<>()).add(new Site(node, site, call));
    }

    private void followSlot(int node, long site, long slot, boolean call) {
        int symbol = relocations.symbol(slot);
        if (symbol >= 0) {
            addImport(node, site, symbols.get(symbol).name(), true);
            return;
        }
        int callee = pieces.find(relocations.local(slot));
        if (callee >= 0) {
            addCall(node, site, callee, call);
        }
    }

    private void addImport(int node, long site, String name, boolean branch) {
        int index = imports.computeIfAbsent(name, key -> imports.size());
        edges.add(node, -1 - index, offset(node, site));
        if (name.equals(CALL_BY_NUMBER)) {
            if (branch && reading.set().isStub(file, site)) {
                return;
            }
            if (branch) {
                ask(new Question(node, site, reading.set().firstArgument()));
            } else {
                calls.add(node, CodeGraph.COMPUTED, offset(node, site));
            }
        }
    }

    private void pointTo(int node, long site, long target, int depth) {
        int offset =
                node < pieces.count()
                        ? offset(node, site)
                        : (int) (site - tables.get(node - pieces.count()).address());
        int function = pieces.find(target);
        if (function >= 0) {
            OptionalLong slot = reading.set().stubSlot(file, target);
            if (slot.isPresent() && relocations.symbol(slot.getAsLong()) >= 0) {
                String name = symbols.get(relocations.symbol(slot.getAsLong())).name();
                edges.add(node, -1 - imports.computeIfAbsent(name, key -> imports.size()), offset);
                return;
            }
            // In code, data looks like an address only by chance; a pointer is to a beginning.
            if (function != node) {
                edges.add(node, function, offset);
                pointedTo.add(function);
            }
        } else if (file.isData(target) && depth <= DEPTH) {
            objectStarts.add(target);
            edges.add(node, table(target, depth), offset);
        }
    }

    private int table(long address, int depth) {
        return tableNodes.computeIfAbsent(
                new Table(address, depth),
                table -> {
                    tables.add(table);
                    return pieces.count() + tables.size() - 1;
                });
    }

    private void readTable(int node, Table table) {
        long first = (table.address() + 7) / 8 * 8;
        long end = end(table.address());
        for (long slot = first; slot < end; slot += 8) {
            int symbol = relocations.symbol(slot);
            if (symbol >= 0) {
                String name = symbols.get(symbol).name();
                edges.add(
                        node,
                        -1 - imports.computeIfAbsent(name, key -> imports.size()),
                        (int) (slot - table.address()));
            } else {
                long target = relocations.local(slot);
                if (target != 0 && isPointer(target)) {
                    pointTo(node, slot, target, table.depth() + 1);
                }
            }
        }
    }

    /**
     * Where a table ends: as its symbol says, or before the next address that something points to,
     * or after the usual number of pointers.
     */
    private long end(long address) {
        long size = objectSizes.getOrDefault(address, 0L);
        if (size > 0) {
            return address + Math.min(size, MOST_SLOTS * 8);
        }
        Long next = objectStarts.higher(address);
        long end = address + SLOTS * 8;
        return next == null ? end : Math.min(end, next);
    }

    /** A word of a file with fixed addresses is a pointer to code if a function begins there. */
    private boolean isPointer(long target) {
        int piece = pieces.find(target);
        return !file.hasFixedAddress() || piece < 0 || pieces.start(piece) == target;
    }

    private void ask(Question question) {
        if (asked.add(question)) {
            questions.add(question);
        }
    }

    private void answerQuestions(Map<String, Integer> exports) {
        Map<Integer, NumberTrace> traces = new HashMap<>();
        Integer byNumber = exports.get(CALL_BY_NUMBER);
        while (!questions.isEmpty()) {
            Question question = questions.poll();
            int node = question.node();
            NumberTrace.Found found =
                    traces.computeIfAbsent(node, n -> reading.trace(pieces.start(n), pieces.end(n)))
                            .before(question.site(), question.place());
            int offset = offset(node, question.site());
            for (long number : found.constants()) {
                calls.add(node, (int) number, offset);
            }
            boolean computed = found.computed();
            for (Location argument : found.arguments()) {
                List<Site> sites = callers.getOrDefault(node, List.of());
                for (Site site : sites) {
                    Location place = reading.set().atCaller(argument, site.call());
                    ask(new Question(site.node(), site.address(), place));
                }
                boolean otherFilesAsk = byNumber != null && byNumber == node;
                computed |= !otherFilesAsk && (sites.isEmpty() || pointedTo.contains(node));
            }
            if (computed) {
                calls.add(node, CodeGraph.COMPUTED, offset);
            }
        }
    }

    /** Adds the calls of {@link #BROADCAST} that the file has. */
    private void addBroadcastCalls() {
        List<Symbol> all = allSymbols();
        if (all.stream().noneMatch(each -> each.defined() && each.name().equals(START_OF_LIBC))) {
            return;
        }
        SyscallTable table =
                SyscallDb.get()
                        .archByName(file.machine().word())
                        .map(SyscallDb.get()::table)
                        .orElseThrow();
        for (Symbol symbol : all) {
            String call = BROADCAST.get(symbol.name());
            int node = symbol.defined() && call != null ? pieces.find(symbol.address()) : -1;
            if (node >= 0) {
                int number = table.byName(call).orElseThrow().number();
                calls.add(node, number, offset(node, symbol.address()));
            }
        }
    }

    private List<Symbol> allSymbols() {
        List<Symbol> all = new ArrayList<>(symbols);
        all.addAll(file.localSymbols());
        return all;
    }

    private Map<String, Integer> exports() {
        Map<String, Integer> exports = new HashMap<>();
        for (Symbol symbol : symbols) {
            if (symbol.defined() && symbol.exported()) {
                int node =
                        symbol.code() || file.isCode(symbol.address())
                                ? pieces.find(symbol.address())
                                : table(symbol.address(), 1);
                if (node >= 0) {
                    exports.putIfAbsent(symbol.name(), node);
                }
            }
        }
        return exports;
    }

    private Map<Integer, String> names() {
        Map<Integer, String> names = new TreeMap<>();
        for (Symbol symbol : allSymbols()) {
            int node = symbol.defined() && symbol.code() ? pieces.find(symbol.address()) : -1;
            if (node >= 0 && pieces.start(node) == symbol.address()) {
                names.merge(node, symbol.name(), FunctionNames::plainer);
            }
        }
        GoFunctions.of(file)
                .forEach((address, name) -> names.putIfAbsent(pieces.find(address), name));
        return names;
    }

    private CodeGraph.Traits traits(Map<Integer, String> names) {
        boolean go = !GoFunctions.of(file).isEmpty();
        int main = -1;
        for (Map.Entry<Integer, String> each : names.entrySet()) {
            if (each.getValue().equals(go ? "main.main" : "main")) {
                main = each.getKey();
            }
        }
        return new CodeGraph.Traits(
                file.machine(),
                file.interpreter(),
                dynamic.soname(),
                dynamic.needed(),
                dynamic.rpath(),
                dynamic.runpath(),
                go ? "Go" : "",
                main);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.graph;

import io.sandbox.reach.elf.ElfFile;
import io.sandbox.reach.elf.GoFunctions;
import io.sandbox.reach.elf.Symbol;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the names of functions say about a file. */
final class NamedFunctions {
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
    private final List<Symbol> symbols;
    private final Pieces pieces;
    private final boolean go;
    private final Map<Integer, String> names = new TreeMap<>();

    NamedFunctions(ElfFile file, List<Symbol> symbols, Pieces pieces) {
        this.file = file;
        this.symbols = symbols;
        this.pieces = pieces;
        for (Symbol symbol : symbols) {
            int node = symbol.defined() && symbol.code() ? pieces.find(symbol.address()) : -1;
            if (node >= 0 && pieces.start(node) == symbol.address()) {
                names.merge(node, symbol.name(), FunctionNames::plainer);
            }
        }
        Map<Long, String> goNames = GoFunctions.of(file);
        go = !goNames.isEmpty();
        goNames.forEach((address, name) -> names.putIfAbsent(pieces.find(address), name));
    }

    NodeNames names() {
        return NodeNames.byNode(names);
    }

    /** The runtime of a language that was linked into the file; empty if there is none. */
    String runtime() {
        return go ? "Go" : "";
    }

    /** The node of the program's own first function; -1 if it has no name. */
    int main() {
        int main = -1;
        for (Map.Entry<Integer, String> each : names.entrySet()) {
            if (each.getValue().equals(go ? "main.main" : "main")) {
                main = each.getKey();
            }
        }
        return main;
    }

    /** Adds the calls that a C library makes in all threads. */
    void addBroadcastCalls(CallNumbers numbers) {
        if (symbols.stream()
                .noneMatch(each -> each.defined() && each.name().equals(START_OF_LIBC))) {
            return;
        }
        SyscallTable table =
                SyscallDb.get()
                        .archByName(file.machine().word())
                        .map(SyscallDb.get()::table)
                        .orElseThrow();
        for (Symbol symbol : symbols) {
            String call = BROADCAST.get(symbol.name());
            int node = symbol.defined() && call != null ? pieces.find(symbol.address()) : -1;
            if (node >= 0) {
                int offset = (int) (symbol.address() - pieces.start(node));
                numbers.add(node, offset, table.byName(call).orElseThrow().number());
            }
        }
    }
}

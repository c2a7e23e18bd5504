// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach;

import io.sandbox.reach.graph.CodeGraph;
import io.sandbox.reach.link.LoadedFile;
import io.sandbox.reach.link.LoadedProgram;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Where the execution of a program can begin. */
final class Roots {
    private static final String START_OF_LIBC = "__libc_start_main";

    /** What the dynamic linker of glibc calls by name (elf/dl-call-libc-early-init.c). */
    private static final String EARLY_INIT = "__libc_early_init";

    private final LoadedProgram loaded;
    private final LoadedProgram.Scope all;

    Roots(LoadedProgram loaded) {
        this.loaded = loaded;
        all = loaded.scope();
    }

    /** Where the names of an empty program are looked for: in the C library and the linker. */
    LoadedProgram.Scope floorScope() {
        List<LoadedFile> files = new ArrayList<>();
        int start = all.bind(START_OF_LIBC);
        if (start >= 0) {
            files.add(loaded.fileOf(start));
        }
        loaded.linker().ifPresent(files::add);
        return new LoadedProgram.Scope(loaded.linker().isEmpty() ? loaded.files() : files);
    }

    /**
     * All code of the program itself, since pointers to its functions may be where we do not find
     * them. A static program has a C library in the same file, so only its start is a root there. A
     * static Go program counts as a whole, because its linker has left out what nothing leads to. A
     * library that the program loads by itself may be asked for any name, so all its exports count.
     */
    List<Integer> ofProgram() {
        LoadedFile program = loaded.program();
        CodeGraph graph = program.graph();
        List<Integer> roots = new ArrayList<>();
        boolean isStatic = loaded.linker().isEmpty();
        if (isStatic && graph.traits().runtime().isEmpty()) {
            add(roots, program, graph.entry());
            addInitial(roots, program);
            return roots;
        }
        // Stubs come last, so that a path begins where one of them is called.
        BitSet stubs = new BitSet();
        for (int stub : graph.stubs()) {
            stubs.set(stub);
        }
        for (int node = 0; node < graph.codeNodes(); node++) {
            if (!stubs.get(node)) {
                add(roots, program, node);
            }
        }
        for (int stub : graph.stubs()) {
            add(roots, program, stub);
        }
        if (isStatic) {
            return roots;
        }
        for (LoadedFile file : loaded.files()) {
            addInitial(roots, file);
            if (file.isLoadedByName()) {
                for (int node : file.graph().exported()) {
                    add(roots, file, node);
                }
            }
        }
        addStart(roots);
        return roots;
    }

    /** What an empty program does: the dynamic linker and the start and end of the C library. */
    List<Integer> ofFloor() {
        List<Integer> roots = new ArrayList<>();
        if (loaded.linker().isEmpty()) {
            if (main() >= 0) {
                add(roots, loaded.program(), loaded.program().graph().entry());
            }
            return roots;
        }
        addStart(roots);
        int start = all.bind(START_OF_LIBC);
        if (start >= 0) {
            roots.add(start);
            addInitial(roots, loaded.fileOf(start));
        }
        return roots;
    }

    /** The program's own first function in a static program; -1 if it is not known. */
    int main() {
        int main = loaded.program().graph().traits().main();
        return loaded.linker().isEmpty() && main >= 0 ? loaded.program().firstNode() + main : -1;
    }

    private void addStart(List<Integer> roots) {
        LoadedFile linker = loaded.linker().orElseThrow();
        add(roots, linker, linker.graph().entry());
        addInitial(roots, linker);
        addBound(roots, EARLY_INIT);
    }

    private void addInitial(List<Integer> roots, LoadedFile file) {
        for (int each : file.graph().initial()) {
            if (each >= 0) {
                add(roots, file, each);
            } else {
                addBound(roots, file.graph().imports().get(-1 - each));
            }
        }
    }

    private void addBound(List<Integer> roots, String name) {
        int node = all.bind(name);
        if (node >= 0) {
            roots.add(node);
        }
    }

    private static void add(List<Integer> roots, LoadedFile file, int node) {
        if (node >= 0) {
            roots.add(file.firstNode() + node);
        }
    }
}

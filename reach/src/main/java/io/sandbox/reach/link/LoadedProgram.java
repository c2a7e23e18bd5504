// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.link;

import io.sandbox.reach.elf.ElfException;
import io.sandbox.reach.elf.Machine;
import io.sandbox.reach.graph.CodeGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A program with its libraries, in the order in which the dynamic linker looks for symbols. */
public final class LoadedProgram {
    private static final int MOST_FILES = 2000;

    private final GraphStore store;
    private final List<LoadedFile> files = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final Set<Path> loaded = new HashSet<>();
    private LoadedFile linker;
    private int nodes;

    private LoadedProgram(GraphStore store) {
        this.store = store;
    }

    /**
     * Loads a program as the dynamic linker would.
     *
     * @param libraryPath the value of LD_LIBRARY_PATH
     * @param more libraries that it loads by itself (dlopen)
     * @param root where the dynamic linker and the libraries are
     * @throws ElfException if a file cannot be analysed; the message names the file
     */
    public static LoadedProgram load(
            Path path, Optional<String> libraryPath, List<Path> more, Root root, GraphStore store)
            throws IOException {
        LoadedProgram program = new LoadedProgram(store);
        LoadedFile first = program.add(path, null, false);
        Optional<String> interpreter = first.graph().traits().interpreter();
        if (interpreter.isPresent()) {
            Path linkerPath = root.file(Path.of(interpreter.get()));
            Machine machine = first.graph().traits().machine();
            LibraryFinder finder = new LibraryFinder(machine, linkerPath, libraryPath, root);
            program.addNeeded(finder, 0);
            program.linker = program.addLinker(linkerPath, first);
            int known = program.files.size();
            for (Path each : more) {
                if (program.loaded.add(each.toRealPath())) {
                    program.add(each, first, true);
                }
            }
            program.addNeeded(finder, known);
        }
        return program;
    }

    /** Adds what the files from one on need, and what these need in turn. */
    private void addNeeded(LibraryFinder finder, int from) throws IOException {
        for (int i = from; i < files.size(); i++) {
            addNeeded(files.get(i), finder);
        }
    }

    private void addNeeded(LoadedFile user, LibraryFinder finder) throws IOException {
        for (String name : user.graph().traits().needed()) {
            Optional<Path> found = finder.find(name, user);
            if (found.isEmpty()) {
                if (!missing.contains(name)) {
                    missing.add(name);
                }
            } else if (loaded.add(found.get().toRealPath())) {
                add(found.get(), user, false);
            }
        }
    }

    /** Libraries may need the dynamic linker too; musl's is the C library as well. */
    private LoadedFile addLinker(Path path, LoadedFile first) throws IOException {
        if (!Files.exists(path)) {
            throw new ElfException(
                    String.format(
                            "%s: its dynamic linker %s is missing (a program of another system"
                                    + " needs the root folder of that system)",
                            first.path(), path));
        }
        Path real = path.toRealPath();
        for (LoadedFile each : files) {
            if (each.path().toRealPath().equals(real)) {
                return each;
            }
        }
        return add(path, first, false);
    }

    private LoadedFile add(Path path, LoadedFile loader, boolean byName) throws IOException {
        if (files.size() == MOST_FILES) {
            throw new ElfException("it needs more than " + MOST_FILES + " libraries");
        }
        CodeGraph graph = graph(path);
        LoadedFile file = new LoadedFile(path, graph, loader, byName, nodes);
        nodes += graph.nodes();
        files.add(file);
        loaded.add(path.toRealPath());
        return file;
    }

    private CodeGraph graph(Path path) throws IOException {
        return naming(path, () -> store.graph(path));
    }

    /**
     * The machine that a program is for.
     *
     * @throws ElfException if it cannot be analysed; the message names the file
     */
    public static Machine machine(Path path) throws IOException {
        return naming(path, () -> GraphStore.machine(path));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T naming(Path path, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (ElfException e) {
            throw new ElfException(path + ": " + e.getMessage());
        }
    }

    public LoadedFile program() {
        return files.get(0);
    }

    /** The dynamic linker; empty for a static program. */
    public Optional<LoadedFile> linker() {
        return Optional.ofNullable(linker);
    }

    public List<LoadedFile> files() {
        return List.copyOf(files);
    }

    /** Names of libraries that are needed and were not found. */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    public int nodes() {
        return nodes;
    }

    public LoadedFile fileOf(int node) {
        int low = 0;
        int high = files.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (files.get(middle).firstNode() <= node) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return files.get(low);
    }

    /** All files, in the order in which names are looked for. */
    public Scope scope() {
        return new Scope(files);
    }

    /** Files in which names are looked for, one after the other. */
    public static final class Scope {
        private final List<LoadedFile> files;
        private final Map<String, Integer> bindings = new HashMap<>();

        public Scope(List<LoadedFile> files) {
            this.files = List.copyOf(files);
        }

        /** The node to which a name is bound; -1 if no file defines it. */
        public int bind(String name) {
            return bindings.computeIfAbsent(name, this::search);
        }

        private int search(String name) {
            for (LoadedFile each : files) {
                int node = each.graph().export(name);
                if (node >= 0) {
                    return each.firstNode() + node;
                }
            }
            return -1;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** The references of all modules' classes. A class and its nested classes count as one. */
final class ClassGraph {
    /** The tag of a class in the constant pool. */
    private static final int CLASS = 7;

    private final Map<String, Set<String>> classes = new TreeMap<>();
    private final Map<String, Set<String>> methods = new TreeMap<>();
    private final Map<String, Set<String>> texts = new TreeMap<>();

    private ClassGraph() {}

    /** The shipped classes of the modules in this folder. */
    static ClassGraph ofModules(Path root) throws IOException {
        ClassGraph graph = new ClassGraph();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.toList()) {
                Path classes = module.resolve("target/classes/io/sandbox");
                if (Files.isDirectory(classes)) {
                    graph.addAll(classes, module.resolve("target/classes"));
                }
            }
        }
        return graph;
    }

    private void addAll(Path folder, Path root) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                String name = root.relativize(file).toString().replace(".class", "");
                if (!name.endsWith("/package-info")) {
                    add(outer(name), Files.readAllBytes(file));
                }
            }
        }
    }

    private void add(String name, byte[] file) {
        Seen seen = new Seen();
        ClassReader reader = new ClassReader(file);
        reader.accept(new ClassRemapper(new ClassWriter(0), seen), 0);
        // Nothing else names the class of a constant that is inlined.
        char[] buffer = new char[reader.getMaxStringLength()];
        for (int i = 1; i < reader.getItemCount(); i++) {
            int item = reader.getItem(i);
            if (item > 0 && reader.readByte(item - 1) == CLASS) {
                seen.mapType(reader.readUTF8(item, buffer));
            }
        }
        seen.classes.remove(name);
        classes.computeIfAbsent(name, key -> new TreeSet<>()).addAll(seen.classes);
        methods.computeIfAbsent(name, key -> new TreeSet<>()).addAll(seen.methods);
        texts.computeIfAbsent(name, key -> new TreeSet<>()).addAll(seen.texts);
    }

    private static String outer(String name) {
        return name.replaceFirst("\\$.*", "").replace('/', '.');
    }

    static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** Maps each class of ours to all classes that it refers to. */
    Map<String, Set<String>> classes() {
        return classes;
    }

    /** Maps each class of ours to its string constants. */
    Map<String, Set<String>> texts() {
        return texts;
    }

    /** Maps each package of ours to our other packages that it refers to. */
    Map<String, Set<String>> packages() {
        Map<String, Set<String>> packages = new TreeMap<>();
        for (Map.Entry<String, Set<String>> each : classes.entrySet()) {
            String from = packageOf(each.getKey());
            Set<String> to = packages.computeIfAbsent(from, key -> new TreeSet<>());
            each.getValue().stream()
                    .filter(classes::containsKey)
                    .forEach(c -> to.add(packageOf(c)));
            to.remove(from);
        }
        return packages;
    }

    /** A package's references: types, and members such as {@code java.lang.System.in}. */
    Set<String> usesOf(String packageName) {
        Set<String> uses = new TreeSet<>();
        for (String name : classes.keySet()) {
            if (packageOf(name).equals(packageName)) {
                uses.addAll(classes.get(name));
                uses.addAll(methods.get(name));
            }
        }
        return uses;
    }

    /** Notes what one class file refers to. Nothing is mapped to anything else. */
    private static final class Seen extends Remapper {
        private final Set<String> classes = new TreeSet<>();
        private final Set<String> methods = new TreeSet<>();
        private final Set<String> texts = new TreeSet<>();

        Seen() {
            super(Opcodes.ASM9);
        }

        @Override
        public String map(String name) {
            classes.add(outer(name));
            return name;
        }

        @Override
        public String mapMethodName(String owner, String name, String descriptor) {
            methods.add(owner.replace('/', '.') + "." + name);
            return name;
        }

        @Override
        public String mapFieldName(String owner, String name, String descriptor) {
            return mapMethodName(owner, name, descriptor);
        }

        @Override
        public Object mapValue(Object constant) {
            if (constant instanceof String text) {
                texts.add(text);
            }
            return super.mapValue(constant);
        }
    }
}

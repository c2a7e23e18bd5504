// SPDX-License-Identifier: Apache-2.0
package io.sandbox;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The references of all modules' classes, from the constant pools of their class files (The Java
 * Virtual Machine Specification, 4.4). A class and its nested classes count as one.
 */
final class ClassGraph {
    /** A type inside a descriptor or a signature. */
    private static final Pattern DESCRIBED = Pattern.compile("L([\\w/$]+)[;<]");

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

    private void add(String name, byte[] file) throws IOException {
        Pool pool = new Pool(new DataInputStream(new ByteArrayInputStream(file)));
        Set<String> seen = classes.computeIfAbsent(name, key -> new TreeSet<>());
        pool.classes().forEach(other -> seen.add(outer(other)));
        seen.remove(name);
        methods.computeIfAbsent(name, key -> new TreeSet<>()).addAll(pool.methods());
        texts.computeIfAbsent(name, key -> new TreeSet<>()).addAll(pool.texts());
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

    /** The constant pool of one class file. */
    private static final class Pool {
        private final String[] texts;
        private final int[] first;
        private final int[] second;
        private final int[] tags;

        Pool(DataInputStream in) {
            try {
                in.skipNBytes(8);
                int count = in.readUnsignedShort();
                texts = new String[count];
                first = new int[count];
                second = new int[count];
                tags = new int[count];
                for (int i = 1; i < count; i++) {
                    i += read(in, i) ? 1 : 0;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Returns true for an entry that takes two places. */
        private boolean read(DataInputStream in, int i) throws IOException {
            tags[i] = in.readUnsignedByte();
            switch (tags[i]) {
                case 1 -> texts[i] = in.readUTF();
                case 3, 4 -> in.skipNBytes(4);
                case 5, 6 -> in.skipNBytes(8);
                case 7, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
                case 9, 10, 11, 12, 17, 18 -> {
                    first[i] = in.readUnsignedShort();
                    second[i] = in.readUnsignedShort();
                }
                case 15 -> in.skipNBytes(3);
                default -> throw new IllegalStateException("constant " + tags[i]);
            }
            return tags[i] == 5 || tags[i] == 6;
        }

        Set<String> texts() {
            Set<String> found = new TreeSet<>();
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] == 8) {
                    found.add(texts[first[i]]);
                }
            }
            return found;
        }

        Set<String> classes() {
            Set<String> found = new TreeSet<>();
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] == 7 && !texts[first[i]].startsWith("[")) {
                    found.add(texts[first[i]]);
                }
                if (tags[i] == 1) {
                    Matcher described = DESCRIBED.matcher(texts[i]);
                    while (described.find()) {
                        found.add(described.group(1));
                    }
                }
            }
            return found;
        }

        /** Methods and fields. */
        Set<String> methods() {
            Set<String> found = new TreeSet<>();
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] >= 9 && tags[i] <= 11) {
                    String owner = texts[first[first[i]]].replace('/', '.');
                    found.add(owner + "." + texts[first[second[i]]]);
                }
            }
            return found;
        }
    }
}

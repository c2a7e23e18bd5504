// SPDX-License-Identifier: Apache-2.0
package io.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which object of C needs which, as the linker sees it: by the symbols that {@code nm} prints. */
final class ObjectGraph {
    private static final Pattern SYMBOL =
            Pattern.compile("(?m)^(.*)\\.o: *[0-9a-f]* ([A-Za-z]) (\\S+)$");

    private ObjectGraph() {}

    /**
     * Maps each object to those that it needs, by their paths from the folder.
     *
     * @param objects the folder with the objects of one binary
     * @param sources the folder with their sources; older objects may have none
     */
    static Map<String, Set<String>> of(Path objects, Path sources)
            throws IOException, InterruptedException {
        Map<String, Set<String>> graph = new TreeMap<>();
        Map<String, String> definer = new TreeMap<>();
        Map<String, Set<String>> users = new TreeMap<>();
        Matcher symbol = SYMBOL.matcher(symbols(objects, sources));
        while (symbol.find()) {
            String object = objects.relativize(Path.of(symbol.group(1))).toString();
            graph.putIfAbsent(object, new TreeSet<>());
            if (symbol.group(2).equals("U")) {
                users.computeIfAbsent(symbol.group(3), key -> new TreeSet<>()).add(object);
            } else {
                definer.put(symbol.group(3), object);
            }
        }
        definer.forEach(
                (name, object) ->
                        users.getOrDefault(name, Set.of()).stream()
                                .filter(user -> !user.equals(object))
                                .forEach(user -> graph.get(user).add(object)));
        return graph;
    }

    private static String symbols(Path objects, Path sources)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nm", "-A", "-g"));
        try (Stream<Path> files = Files.walk(objects)) {
            files.filter(file -> file.toString().endsWith(".o"))
                    .filter(file -> hasSource(objects.relativize(file).toString(), sources))
                    .forEach(file -> command.add(file.toString()));
        }
        Process nm = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(nm.getInputStream().readAllBytes());
        assertEquals(0, nm.waitFor(), printed);
        return printed;
    }

    private static boolean hasSource(String object, Path sources) {
        return Files.exists(sources.resolve(object.replaceFirst("o$", "c")));
    }
}

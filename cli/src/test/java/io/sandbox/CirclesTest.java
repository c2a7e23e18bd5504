// SPDX-License-Identifier: Apache-2.0
package io.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No package, no class and no object of C depends on itself through another. */
class CirclesTest {
    private static final Path ROOT = Path.of("..");

    private final ClassGraph graph = ClassGraph.ofModules(ROOT);

    CirclesTest() throws IOException {}

    @Test
    void graph_hasTheClassesOfAllModules() {
        assertTrue(graph.classes().size() > 250, "only " + graph.classes().size() + " classes");
        for (String module :
                List.of("syscalldb", "audit", "policy", "evidence", "recorder", "cli")) {
            assertTrue(
                    graph.classes().keySet().stream()
                            .anyMatch(name -> name.startsWith("io.sandbox." + module + ".")),
                    module + " has not been compiled");
        }
    }

    @Test
    void packages_haveNoCircle() {
        assertEquals(List.of(), Circles.of(graph.packages()));
    }

    @Test
    void classes_haveNoCircle() {
        assertEquals(List.of(), Circles.of(graph.classes()));
    }

    /** Includes do not show this: a header may declare what another file defines. */
    @ParameterizedTest
    @ValueSource(strings = {"exec", "pic", "java"})
    void objects_haveNoCircle(String binary) throws Exception {
        Path preload = ROOT.resolve("preload");
        Map<String, Set<String>> objects =
                ObjectGraph.of(preload.resolve("target").resolve(binary), preload.resolve("src"));
        assertTrue(objects.size() > 5, "only " + objects.keySet());
        assertTrue(objects.values().stream().anyMatch(needed -> !needed.isEmpty()));
        assertEquals(List.of(), Circles.of(objects));
    }

    /** Proves that the tests above can fail. */
    @Test
    void circles_ofThree_areFound() {
        Map<String, Set<String>> three =
                Map.of(
                        "a", Set.of("b", "x"),
                        "b", Set.of("c"),
                        "c", Set.of("a"),
                        "x", Set.of("outside"));
        assertEquals(List.of(Set.of("a", "b", "c")), Circles.of(three));
    }
}

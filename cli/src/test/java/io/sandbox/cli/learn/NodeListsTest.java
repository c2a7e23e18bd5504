// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.AtMost;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.testing.Evidence;
import io.sandbox.recorder.machine.NodeContainer;
import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class NodeListsTest {
    @TempDir Path folder;

    private void plant(String name, Run run) throws IOException {
        Path file = folder.resolve("recordings").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, RecordingWriter.write(Recording.of(run)));
    }

    @Test
    void readAll_filesThatAreNotOfPods_areLeftOut() throws IOException {
        Run run = Evidence.run("one");
        plant("stray.json", run);
        plant("shop/web/nginx/stray.json", run);
        plant("shop/web/nginx/deeper/web-1_1.json", run);
        NodeLists lists =
                new NodeLists(folder, List.of(), AtMost.NOTHING, true, new Console("test"));
        lists.readAll();
        lists.recorded(new NodeContainer("1", "shop", "web-0", "nginx", "", false), run, false);
        assertEquals(
                "shop/web/nginx\t1\t1\tcomplete",
                Files.readAllLines(folder.resolve("workloads.tsv")).get(1));
    }

    // The manifests of examples/kubernetes have what the API of Kubernetes demands of these
    // kinds (API reference: DaemonSetSpec, PodSpec, Container, HostPathVolumeSource,
    // SeccompProfile), and no field that it does not know.

    private static final Path FOLDER = Path.of("../examples/kubernetes");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private static final List<Vectors.Row> FIELDS =
            Vectors.beside(NodeListsTest.class, "manifest-fields.tsv", 3);

    private static Object read(String name, int index) throws IOException {
        List<Object> all = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(FOLDER.resolve(name)))
                .forEach(all::add);
        return all.get(index);
    }

    /** Also of all maps in it. */
    private static void assertFields(String path, Object value) {
        if (value instanceof List<?> list) {
            assertFalse(list.isEmpty(), path);
            list.forEach(each -> assertFields(path, each));
        } else if (value instanceof Map<?, ?> map) {
            assertTrue(
                    FIELDS.stream()
                            .filter(row -> path.matches(row.get(0)))
                            .anyMatch(row -> allows(row, map.keySet())),
                    () -> path + ": " + map.keySet());
            map.forEach((field, each) -> assertFields(path + "." + field, each));
        }
    }

    private static boolean allows(Vectors.Row row, Set<?> fields) {
        Set<String> demanded = words(row.get(1));
        Set<String> known = words(row.get(2));
        known.addAll(demanded);
        return fields.containsAll(demanded) && known.containsAll(fields);
    }

    private static Set<String> words(String text) {
        return new TreeSet<>(text.isEmpty() ? Set.of() : Set.of(text.split(" ")));
    }

    /** What is at a path of names and indexes. */
    private static Object at(Object tree, String path) {
        Object value = tree;
        for (String part : path.split("[.]")) {
            value =
                    value instanceof List<?> list
                            ? list.get(Integer.parseInt(part))
                            : ((Map<?, ?>) value).get(part);
        }
        return value;
    }

    private static void assertName(Object name) {
        assertTrue(NAME.matcher((String) name).matches(), name::toString);
    }

    private static Set<Object> names(Object list) {
        List<?> all = list == null ? List.of() : (List<?>) list;
        return all.stream().map(each -> at(each, "name")).collect(Collectors.toSet());
    }

    /** {@code pod}: where in the manifest a pod is described, if it is. */
    @Table
    void manifest_hasFieldsThatKubernetesDemandsOrKnows(String file, int index, String pod)
            throws IOException {
        Object tree = read(file, index);
        assertFields((String) at(tree, "kind"), tree);
        assertName(at(tree, "metadata.name"));
        if (!pod.isEmpty()) {
            assertEquals(1, ((List<?>) at(tree, pod + ".containers")).size());
            Object container = at(tree, pod + ".containers.0");
            assertName(at(container, "name"));
            assertEquals(names(at(tree, pod + ".volumes")), names(at(container, "volumeMounts")));
        }
    }

    @Table
    void manifest_says(String file, int index, String path, String value) throws IOException {
        assertEquals(value, at(read(file, index), path).toString());
    }

    @Table
    void node_hasOptionsThatExist(String file) throws IOException {
        List<?> words = (List<?>) at(read(file, 0), "spec.template.spec.containers.0.args");
        // Throws for an option that does not exist.
        NodeCommand.options()
                .commandLine()
                .parseArgs(words.stream().map(Object::toString).toArray(String[]::new));
    }
}

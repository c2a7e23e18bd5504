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

    private static final String RBAC = "rbac.authorization.k8s.io";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private static final List<Vectors.Row> FIELDS =
            Vectors.beside(NodeListsTest.class, "manifest-fields.tsv", 3);

    private static Map<?, ?> read(String name, String version, String kind) throws IOException {
        return read(name, 0, version, kind);
    }

    private static Map<?, ?> read(String name, int index, String version, String kind)
            throws IOException {
        List<Object> all = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(FOLDER.resolve(name)))
                .forEach(all::add);
        Map<?, ?> tree = (Map<?, ?>) all.get(index);
        assertEquals(version, tree.get("apiVersion"));
        assertEquals(kind, tree.get("kind"));
        assertName(at(tree, "metadata", "name"));
        assertFields(kind, tree);
        return tree;
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

    /** The field at a path of names. */
    private static Object at(Object tree, String... path) {
        Object value = tree;
        for (String name : path) {
            value = ((Map<?, ?>) value).get(name);
        }
        return value;
    }

    private static void assertName(Object name) {
        assertTrue(NAME.matcher((String) name).matches(), name::toString);
    }

    /** Returns the only container of a pod that mounts each of its volumes. */
    private static Object container(Object pod) {
        List<?> containers = (List<?>) at(pod, "containers");
        assertEquals(1, containers.size());
        assertName(at(containers.get(0), "name"));
        assertEquals(names(at(pod, "volumes")), names(at(containers.get(0), "volumeMounts")));
        return containers.get(0);
    }

    private static Set<Object> names(Object list) {
        Set<Object> names = new TreeSet<>();
        for (Object each : list == null ? List.of() : (List<?>) list) {
            names.add(at(each, "name"));
        }
        return names;
    }

    /** What the recorders may ask the API for. */
    @Test
    void namespaces_canOnlyBeListed_byTheAccountOfTheRecorders() throws IOException {
        String file = "namespaces.yaml";
        Object account = read(file, 0, "v1", "ServiceAccount").get("metadata");
        Map<?, ?> role = read(file, 1, RBAC + "/v1", "ClusterRole");
        Map<?, ?> binding = read(file, 2, RBAC + "/v1", "ClusterRoleBinding");
        assertEquals("{name=sandbox-node, namespace=kube-system}", account.toString());
        assertEquals(
                "[{apiGroups=[], resources=[namespaces], verbs=[list]}]",
                role.get("rules").toString());
        assertEquals(
                "{apiGroup=" + RBAC + ", kind=ClusterRole, name=" + at(role, "metadata", "name"),
                binding.get("roleRef").toString().replace("}", ""));
        assertEquals(
                "[{kind=ServiceAccount, name=sandbox-node, namespace=kube-system}]",
                binding.get("subjects").toString());
    }

    @Table
    void node_isADaemonSet_withOptionsThatExist(String file) throws IOException {
        Object spec = read(file, "apps/v1", "DaemonSet").get("spec");
        assertEquals(
                at(spec, "selector", "matchLabels"), at(spec, "template", "metadata", "labels"));
        assertEquals("sandbox-node", at(spec, "template", "spec", "serviceAccountName"));
        Object container = container(at(spec, "template", "spec"));
        assertEquals(List.of("sandbox", "node"), at(container, "command"));
        List<?> words = (List<?>) at(container, "args");
        // Throws for an option that does not exist.
        NodeCommand.options()
                .commandLine()
                .parseArgs(words.stream().map(Object::toString).toArray(String[]::new));
    }

    @Test
    void pod_namesAProfileOfItsNamespace() throws IOException {
        Map<?, ?> tree = read("pod.yaml", "v1", "Pod");
        Object container = container(tree.get("spec"));
        Object profile = at(container, "securityContext", "seccompProfile");
        assertEquals("Localhost", at(profile, "type"));
        assertEquals(
                String.format(
                        "%s/%s/%s.json",
                        at(tree, "metadata", "namespace"),
                        at(tree, "metadata", "name"),
                        at(container, "name")),
                at(profile, "localhostProfile"));
    }
}

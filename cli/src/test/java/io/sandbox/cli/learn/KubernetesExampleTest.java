// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The manifests of examples/kubernetes have what the API of Kubernetes demands of these kinds (API
 * reference: DaemonSetSpec, PodSpec, Container, HostPathVolumeSource, SeccompProfile), and no field
 * that it does not know.
 */
final class KubernetesExampleTest {
    private static final Path FOLDER = Path.of("../examples/kubernetes");

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private static Map<?, ?> read(String name) throws IOException {
        Object tree =
                new Load(LoadSettings.builder().build())
                        .loadFromString(Files.readString(FOLDER.resolve(name)));
        return map(tree);
    }

    private static Map<?, ?> map(Object value) {
        assertTrue(value instanceof Map<?, ?>, () -> "not a map: " + value);
        return (Map<?, ?>) value;
    }

    private static List<?> list(Object value) {
        assertTrue(value instanceof List<?> all && !all.isEmpty(), () -> "no list: " + value);
        return (List<?>) value;
    }

    /** The field at a path of names. */
    private static Object at(Object tree, String... path) {
        Object value = tree;
        for (String name : path) {
            value = map(value).get(name);
        }
        return value;
    }

    private static void assertFields(Object tree, Set<String> demanded, String... more) {
        Set<String> known = new TreeSet<>(demanded);
        known.addAll(List.of(more));
        assertTrue(map(tree).keySet().containsAll(demanded), tree::toString);
        assertTrue(known.containsAll(map(tree).keySet()), tree::toString);
    }

    private static void assertHead(Map<?, ?> tree, String version, String kind) {
        assertFields(tree, Set.of("apiVersion", "kind", "metadata", "spec"));
        assertEquals(version, tree.get("apiVersion"));
        assertEquals(kind, tree.get("kind"));
        assertName(at(tree, "metadata", "name"));
    }

    private static void assertName(Object name) {
        assertTrue(NAME.matcher((String) name).matches(), name::toString);
    }

    private static void assertPod(Object spec) {
        assertFields(
                spec,
                Set.of("containers"),
                "automountServiceAccountToken",
                "hostPID",
                "priorityClassName",
                "terminationGracePeriodSeconds",
                "tolerations",
                "volumes");
        Set<Object> volumes = new TreeSet<>();
        if (at(spec, "volumes") != null) {
            for (Object volume : list(at(spec, "volumes"))) {
                if (map(volume).containsKey("hostPath")) {
                    assertFields(volume, Set.of("name", "hostPath"));
                    assertFields(at(volume, "hostPath"), Set.of("path", "type"));
                } else {
                    assertFields(volume, Set.of("name", "emptyDir"));
                }
                volumes.add(at(volume, "name"));
            }
        }
        Set<Object> mounted = new TreeSet<>();
        for (Object container : list(at(spec, "containers"))) {
            assertFields(
                    container,
                    Set.of("name", "image"),
                    "command",
                    "args",
                    "resources",
                    "securityContext",
                    "volumeMounts");
            assertName(at(container, "name"));
            Object mounts = at(container, "volumeMounts");
            for (Object mount : mounts == null ? List.of() : list(mounts)) {
                assertFields(mount, Set.of("name", "mountPath"), "readOnly");
                mounted.add(at(mount, "name"));
            }
        }
        assertEquals(volumes, mounted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node.yaml", "node-listen.yaml"})
    void node_isADaemonSet_withOptionsThatExist(String file) throws IOException {
        Map<?, ?> tree = read(file);
        assertHead(tree, "apps/v1", "DaemonSet");
        Object spec = tree.get("spec");
        assertFields(spec, Set.of("selector", "template"), "updateStrategy");
        assertFields(at(spec, "updateStrategy"), Set.of("type", "rollingUpdate"));
        assertFields(at(spec, "updateStrategy", "rollingUpdate"), Set.of("maxUnavailable"));
        assertEquals(
                at(spec, "selector", "matchLabels"), at(spec, "template", "metadata", "labels"));
        Object pod = at(spec, "template", "spec");
        assertPod(pod);
        Object container = list(at(pod, "containers")).get(0);
        assertFields(at(container, "resources"), Set.of("requests", "limits"));
        assertFields(
                at(container, "securityContext"),
                Set.of("runAsUser", "allowPrivilegeEscalation", "readOnlyRootFilesystem"),
                "capabilities",
                "seccompProfile",
                "appArmorProfile");
        assertEquals(List.of("sandbox", "node"), at(container, "command"));
        // Throws for an option that does not exist.
        NodeCommand.options()
                .commandLine()
                .parseArgs(
                        list(at(container, "args")).stream()
                                .map(Object::toString)
                                .toArray(String[]::new));
    }

    @Test
    void pod_namesAProfileOfItsNamespace() throws IOException {
        Map<?, ?> tree = read("pod.yaml");
        assertHead(tree, "v1", "Pod");
        assertPod(tree.get("spec"));
        Object container = list(at(tree, "spec", "containers")).get(0);
        Object profile = at(container, "securityContext", "seccompProfile");
        assertFields(profile, Set.of("type", "localhostProfile"));
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

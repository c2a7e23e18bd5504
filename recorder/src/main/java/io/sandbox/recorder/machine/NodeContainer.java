// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A container of a Kubernetes node, as the annotations in its bundle's configuration tell: those of
 * containerd's CRI, and of CRI-O.
 *
 * @param id its runtime's id, of 64 digits
 * @param name the container's name in its pod
 * @param isPause whether it only holds the namespaces of its pod
 */
public record NodeContainer(
        String id, String namespace, String pod, String name, String image, boolean isPause) {
    private static final String UNKNOWN = "unknown";

    /** Of the pod's name, its namespace, the container's name, the image, and the kind. */
    private static final List<String> KEYS_OF_CONTAINERD =
            List.of(
                    "io.kubernetes.cri.sandbox-name",
                    "io.kubernetes.cri.sandbox-namespace",
                    "io.kubernetes.cri.container-name",
                    "io.kubernetes.cri.image-name",
                    "io.kubernetes.cri.container-type");

    private static final List<String> KEYS_OF_CRI_O =
            List.of(
                    "io.kubernetes.pod.name",
                    "io.kubernetes.pod.namespace",
                    "io.kubernetes.container.name",
                    "io.kubernetes.cri-o.ImageName",
                    "io.kubernetes.cri-o.ContainerType");

    /** The name of a container's cgroup, by both drivers. */
    private static final Pattern CGROUP =
            Pattern.compile("/(?:(?:cri-containerd|crio|docker)-)?([0-9a-f]{64})(?:\\.scope)?");

    /** The characters of names that Kubernetes invents (its package util/rand). */
    private static final String RANDOM = "[bcdfghjklmnpqrstvwxz2456789]";

    /** A name and what its controllers add: a Deployment, a CronJob, a StatefulSet, and others. */
    private static final List<Pattern> PODS =
            Stream.of(
                            "-" + RANDOM + "{6,10}-" + RANDOM + "{5}",
                            "-[0-9]{8}-" + RANDOM + "{5}",
                            "-[0-9]+",
                            "-" + RANDOM + "{5}")
                    .map(ending -> Pattern.compile("(.+)" + ending))
                    .toList();

    /** The part of a cgroup's path that is a container's, and its id; empty if there is none. */
    public static Optional<Map.Entry<String, String>> inCgroup(String path) {
        Matcher matcher = CGROUP.matcher(path);
        int end = path.indexOf('/', 1);
        for (int from = 0; from >= 0; from = end, end = path.indexOf('/', from + 1)) {
            matcher.region(from, end < 0 ? path.length() : end);
            if (matcher.matches()) {
                return Optional.of(Map.entry(path.substring(0, matcher.end()), matcher.group(1)));
            }
            if (end < 0) {
                break;
            }
        }
        return Optional.empty();
    }

    /** Of a container whose bundle was not found. */
    public static NodeContainer unknown(String id) {
        return new NodeContainer(id, UNKNOWN, id, UNKNOWN, "", false);
    }

    /**
     * @param configuration the content of a bundle's config.json
     * @param ofCriO whose bundles have what the pod's author chose beside CRI-O's own annotations,
     *     so annotations of containerd there prove nothing
     * @return empty if it is not of a pod
     * @throws IOException if it is not JSON, as while it is being written
     */
    public static Optional<NodeContainer> parse(String id, byte[] configuration, boolean ofCriO)
            throws IOException {
        return JsonObject.parse(configuration).get("annotations") instanceof Map<?, ?> notes
                ? of(id, notes, ofCriO ? KEYS_OF_CRI_O : KEYS_OF_CONTAINERD)
                : Optional.empty();
    }

    private static Optional<NodeContainer> of(String id, Map<?, ?> notes, List<String> keys) {
        List<String> values =
                keys.stream().map(key -> Objects.toString(notes.get(key), "")).toList();
        if (values.get(0).isEmpty() || values.get(1).isEmpty()) {
            return Optional.empty();
        }
        String name = values.get(2).isEmpty() ? UNKNOWN : values.get(2);
        boolean isPause = values.get(4).equals("sandbox");
        return Optional.of(
                new NodeContainer(id, values.get(1), values.get(0), name, values.get(3), isPause));
    }

    /** What the pods of one controller have in common: the pod's name without what was added. */
    public String workload() {
        for (Pattern form : PODS) {
            Matcher matcher = form.matcher(pod);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return pod;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bundles of the containers on this machine. A bundle is there before its container starts, and
 * may be gone soon after its end. So a thread of its own reads them as they come. Thread-safe.
 */
public final class NodeBundles {
    /** Where containerd and CRI-O have them. */
    public static final List<Path> USUAL =
            List.of(
                    Path.of("/run/containerd/io.containerd.runtime.v2.task/k8s.io"),
                    Path.of("/run/containers/storage/overlay-containers"));

    private static final Path OF_CRI_O = Path.of("userdata/config.json");
    private static final List<Path> PLACES = List.of(Path.of("config.json"), OF_CRI_O);
    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_KNOWN = 8192;
    private static final int TICK_MILLIS = 100;

    private final List<Path> folders;

    /** By id; those that nobody has asked for lately are forgotten first. */
    private final Map<String, Optional<NodeContainer>> known =
            new LinkedHashMap<>(MAX_KNOWN, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<String, Optional<NodeContainer>> eldest) {
                    return size() > MAX_KNOWN;
                }
            };

    private NodeBundles(List<Path> folders) {
        this.folders = folders;
    }

    /** Reads what is there, and from now on what comes. */
    public static NodeBundles watch(List<Path> folders) {
        NodeBundles bundles = new NodeBundles(folders);
        bundles.parse("", "{}".getBytes(US_ASCII), false); // the first one takes long
        bundles.look();
        Thread thread = new Thread(bundles::keepLooking, "bundles");
        thread.setDaemon(true);
        thread.start();
        return bundles;
    }

    private void keepLooking() {
        try {
            while (true) {
                Thread.sleep(TICK_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads all before it parses any: a bundle may be gone soon. */
    private synchronized void look() {
        Map<Path, byte[]> found = new LinkedHashMap<>();
        for (Path folder : folders) {
            try (DirectoryStream<Path> bundles = Files.newDirectoryStream(folder)) {
                for (Path bundle : bundles) {
                    if (!known.containsKey(bundle.getFileName().toString())) {
                        read(bundle, found);
                    }
                }
            } catch (IOException e) {
                // It is another runtime's, or not there yet.
            }
        }
        found.forEach(
                (file, content) -> {
                    boolean ofCriO = file.endsWith(OF_CRI_O);
                    Path bundle = ofCriO ? file.getParent().getParent() : file.getParent();
                    parse(bundle.getFileName().toString(), content, ofCriO);
                });
    }

    private static void read(Path bundle, Map<Path, byte[]> found) {
        for (Path place : PLACES) {
            Path file = bundle.resolve(place);
            try {
                if (Files.size(file) <= MAX_BYTES) {
                    found.put(file, Files.readAllBytes(file));
                    return;
                }
            } catch (IOException e) {
                // It is not there yet, or gone.
            }
        }
    }

    private void parse(String id, byte[] content, boolean ofCriO) {
        try {
            known.put(id, NodeContainer.parse(id, content, ofCriO));
        } catch (IOException e) {
            // It is not whole yet.
        }
    }

    /** What is known of a container: empty if nothing is, or if it is of no pod. */
    public synchronized Optional<NodeContainer> find(String id) {
        if (!known.containsKey(id)) {
            look(); // it may have come and ended since the thread looked
        }
        return known.getOrDefault(id, Optional.empty());
    }
}
